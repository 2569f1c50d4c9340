{#
    Google Analytics 4, the BigQuery export, tables events_YYYYMMDD.
    https://support.google.com/analytics/answer/7029846 (columns)
    https://support.google.com/analytics/answer/12313109 (one purchase per transaction id)

    A row is one event. The customer is the user_id that the company sets, else user_pseudo_id: a
    browser or an installed app, not a person. Without consent both may be missing, and the row
    is rejected. Event names stay as they are; `purchase` and `refund` are ours as well.

    The export has no id of an event. Purchases have the transaction's, and Google counts a
    transaction once, however often its page is loaded; so do we. An empty id, which Google warns
    of, or its placeholder for none is no id: it would turn many purchases into one.

    ga_session_id is unique within user_pseudo_id only. Amounts are those in US dollars, the one
    column that is in one currency whatever a shop sells in. A JSON export writes whole numbers in
    quotation marks, and a CSV has the nested columns as JSON text: both are read.
#}
{% macro preset_ga4_events() -%}
    {%- set event = customer_engagement.preset_text('event_name') -%}
    {%- set params = customer_engagement.preset_column('event_params') -%}
    {%- set ecommerce = customer_engagement.preset_column('ecommerce') -%}
    {%- set transaction_id = "nullif(" ~ customer_engagement.as_text(
        customer_engagement.nested_text(ecommerce, 'transaction_id')
    ) | trim ~ ", '(not set)')" -%}
    {%- set session = customer_engagement.ga4_event_param(params, 'ga_session_id', 'int_value') -%}
    {%- set engaged_ms =
        customer_engagement.ga4_event_param(params, 'engagement_time_msec', 'int_value') -%}
    {%- set seconds = customer_engagement.preset_number_in_units(engaged_ms, 1000) -%}
    {{ return({
        'columns': {
            'interaction_id':
                "case when " ~ event ~ " = 'purchase' then " ~ transaction_id ~ " end",
            'customer_id': customer_engagement.preset_first_text(['user_id', 'user_pseudo_id']),
            'activity_type': "lower(" ~ event ~ ")",
            'occurred_at': customer_engagement.preset_time_of_epoch(
                customer_engagement.preset_text('event_timestamp'), 'microseconds'
            ),
            'order_id': transaction_id,
            'session_id': dbt.concat(
                [customer_engagement.preset_text('user_pseudo_id'), "'.'", session]
            ),
            'channel': "lower(" ~ customer_engagement.preset_text('platform') ~ ")",
            'duration_seconds': "coalesce(" ~ seconds ~ ", "
                ~ customer_engagement.unreadable_nested_text(params) ~ ")",
            'amount': "coalesce(case " ~ event ~ " when 'refund' then "
                ~ customer_engagement.nested_text(ecommerce, 'refund_value_in_usd') ~ " else "
                ~ customer_engagement.nested_text(ecommerce, 'purchase_revenue_in_usd') ~ " end, "
                ~ customer_engagement.unreadable_nested_text(ecommerce) ~ ")",
            'quantity': customer_engagement.nested_text(ecommerce, 'total_item_quantity'),
        },
    }) }}
{%- endmacro %}
