{#
    Klaviyo, its events as Fivetran lands them: EVENT.
    https://help.klaviyo.com/hc/en-us/articles/360036974872 (names of e-mail metrics)
    https://help.klaviyo.com/hc/en-us/articles/115005080447 (names of shop metrics)
    https://fivetran.com/docs/connectors/applications/klaviyo/connector-schema (columns)

    A row is one event of one profile; `type` is the metric's name. The customer is the profile.

    Klaviyo keeps what was done to a customer beside what a customer did, under names that each
    integration chooses: what is not known to be an act would count as one. So the preset takes the
    messages, the visits and the orders that Klaviyo itself names, and leaves out all else: bounces,
    unsubscribing, shipping, Ordered Product (the lines of an order that is there already).

    Received Email is our email_sent, the chance to answer. An open is an image that was loaded, and
    mail programs load images in advance too. property_value is the value of an order.
#}
{% macro preset_klaviyo_events() -%}
    {%- set type = customer_engagement.preset_text('type') -%}
    {{ return({
        'columns': {
            'interaction_id': "id",
            'customer_id': "person_id",
            'activity_type': "case " ~ type ~ " when 'Received Email' then 'email_sent'"
                ~ " when 'Opened Email' then 'email_open' when 'Clicked Email' then 'email_click'"
                ~ " when 'Active on Site' then 'website_visit'"
                ~ " when 'Viewed Product' then 'product_page_view'"
                ~ " when 'Placed Order' then 'purchase' when 'Refunded Order' then 'refund' end",
            'occurred_at': "timestamp",
            'channel': "case when " ~ type ~ " in"
                ~ " ('Received Email', 'Opened Email', 'Clicked Email') then 'email' end",
            'amount': "case when " ~ type ~ " in ('Placed Order', 'Refunded Order') then "
                ~ customer_engagement.preset_column('property_value') ~ " end",
            'loaded_at': "_fivetran_synced",
        },
        'where': type ~ " in ('Received Email', 'Opened Email', 'Clicked Email', 'Active on Site',"
            ~ " 'Viewed Product', 'Placed Order', 'Refunded Order')",
    }) }}
{%- endmacro %}
