{#
    PostHog, the events of a batch export, as Parquet files in object storage.
    https://posthog.com/docs/cdp/batch-exports/s3 (columns; the warehouses' differ in loaded_at)
    https://posthog.com/docs/data/events (names of PostHog's own events)
    https://posthog.com/docs/data/sessions ($session_id)
    https://posthog.com/docs/data/bot-filtering ($browser_type)

    A row is one event, under its uuid. The customer is the distinct_id: after identify() the
    company's own id, before it an anonymous one. The persons export says whose each became, and
    belongs in `identities`; person_id in the events is never updated.

    Filtered out is what the library reports about itself: pages left, errors and measurements. Pages
    and screens seen are named as in GA4. Its JavaScript library does not send what known bots
    do, or marks it, as the company chooses. There is no money except in `properties`, which is JSON
    text in Parquet and a record in JSON lines: both are read.
#}
{% macro preset_posthog_events() -%}
    {%- set event = customer_engagement.preset_text('event') -%}
    {%- set properties = customer_engagement.preset_column('properties') -%}
    {%- set browser_type = customer_engagement.nested_text(properties, '$browser_type') -%}
    {{ return({
        'columns': {
            'interaction_id': "uuid",
            'customer_id': "distinct_id",
            'activity_type': "case " ~ event ~ " when '$pageview' then 'page_view'"
                ~ " when '$screen' then 'screen_view' else lower(" ~ event ~ ") end",
            'occurred_at': "timestamp",
            'session_id': customer_engagement.nested_text(properties, '$session_id'),
            'is_automated': "case when " ~ browser_type ~ " = 'bot' then 'true' else "
                ~ customer_engagement.unreadable_nested_text(properties) ~ " end",
            'loaded_at': "created_at",
        },
        'where': "coalesce(" ~ event ~ ", '') not in ('$identify', '$create_alias',"
            ~ " '$merge_dangerously', '$groupidentify', '$set', '$opt_in', '$feature_flag_called',"
            ~ " '$pageleave', '$$heatmap', '$web_vitals', '$exception', '$csp_violation')",
    }) }}
{%- endmacro %}
