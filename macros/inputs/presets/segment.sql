{#
    Segment, table <source>.tracks of a warehouse destination.
    https://segment.com/docs/connections/storage/warehouses/schema/ (columns)
    https://www.twilio.com/docs/segment/connections/spec/ecommerce/v2 (names of order events)

    A row is one track() call: one event. The customer is the user_id, and before sign-in the
    anonymous_id; `identities` joins the two. `event` is the slug of the name that the company chose,
    so it is kept, except for the two order events that Segment itself names.

    It cannot know what an event was worth, nor its order or session: properties are in the event's
    own table (<source>.order_completed), and which context_ columns exist differs by source.
#}
{% macro preset_segment_tracks() -%}
    {%- set event = customer_engagement.named_order_events('event') -%}
    {{ return(customer_engagement.preset_of_call(event)) }}
{%- endmacro %}

{#
    Segment, table <source>.pages of a warehouse destination.
    https://segment.com/docs/connections/storage/warehouses/schema/ (columns)
    https://www.twilio.com/docs/segment/connections/spec/page (what page() sends)

    A row is one page() call: one page seen, which is `page_view` as in GA4. Which page it was is in
    `name`, `path` and `url`. A company may leave these out, and has too many pages for each to be an
    activity type. There is no session and no time spent.
#}
{% macro preset_segment_pages() -%}
    {{ return(customer_engagement.preset_of_call("'page_view'")) }}
{%- endmacro %}

{#
    The columns that the tables of one kind of call (track, page) have in common.

    `timestamp` is when it happened, corrected for a wrong device clock; sent_at is not corrected.
    received_at is the vendor's own clock, the nearest to a load time that every warehouse has.
#}
{% macro preset_of_call(activity_type) -%}
    {{ return({
        'columns': {
            'interaction_id': "id",
            'customer_id': customer_engagement.preset_first_text(['user_id', 'anonymous_id']),
            'activity_type': activity_type,
            'occurred_at': "timestamp",
            'loaded_at': "received_at",
        },
    }) }}
{%- endmacro %}

{# An event's name; the order events of the e-commerce specification are ours under another name. #}
{% macro named_order_events(column) -%}
    {%- set event = 'lower(' ~ customer_engagement.preset_text(column) ~ ')' -%}
    {{ return(
        "case " ~ event ~ " when 'order_completed' then 'purchase'"
        ~ " when 'order_refunded' then 'refund' else " ~ event ~ " end"
    ) }}
{%- endmacro %}
