{#
    Mixpanel, the events of a JSON pipeline (mp_master_event in BigQuery).
    https://docs.mixpanel.com/docs/data-pipelines/json-pipelines (columns)
    https://docs.mixpanel.com/reference/raw-event-export (copies in exports)
    https://docs.mixpanel.com/docs/pricing (which events Mixpanel itself does not count)

    A row is one event. The customer is the distinct_id as it was sent; the pipeline's identity
    mappings say whose it became, and belong in `identities`.

    Exports hold every copy that was sent. Mixpanel treats events as one when name, distinct_id,
    time and insert_id agree, and so do we: insert_id alone is not unique, since some set it to the
    user's id. Without an insert_id nothing is removed.

    What Mixpanel writes for itself (identifying, merging, session replay) is filtered out. There is
    no load time, no session and no money except in `properties`.
#}
{% macro preset_mixpanel_events() -%}
    {%- set event = customer_engagement.preset_text('event_name') -%}
    {{ return({
        'columns': {
            'interaction_id': customer_engagement.mixpanel_event_id(
                customer_engagement.preset_text('insert_id'),
                customer_engagement.preset_text('distinct_id'),
                event,
                customer_engagement.preset_time_in_id('time')
            ),
            'customer_id': "distinct_id",
            'activity_type': customer_engagement.mixpanel_activity_type(event),
            'occurred_at': "time",
        },
        'where': customer_engagement.mixpanel_events_counted(event),
    }) }}
{%- endmacro %}

{#
    Mixpanel, the lines of the raw event export: {"event": ..., "properties": {...}}.
    https://docs.mixpanel.com/reference/raw-event-export (layout, time_in_ms)
    https://docs.mixpanel.com/docs/export-methods (an example; time zones of older projects)
    https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users-simplified ($device_id, $user_id)

    A line is one event, and all but its name is in `properties`. The customer, the copies and what
    is filtered out are as in the JSON pipeline. `time` counts seconds since 1970 UTC, or milliseconds
    where the export was asked for them. mp_processing_time_ms, when Mixpanel took the event in, is
    the load; a device clock that is ahead of it leaves it out.

    Projects from before 2023 count `time` from 1970 in the project's own zone: the page of this
    preset has the line that corrects it, since the zone is not in the export.
#}
{% macro preset_mixpanel_export() -%}
    {%- set properties = customer_engagement.preset_column('properties') -%}
    {%- set event = customer_engagement.preset_text('event') -%}
    {%- set texts = {} -%}
    {%- for key in ['$insert_id', 'distinct_id', 'time', 'mp_processing_time_ms'] -%}
        {%- do texts.update({key: customer_engagement.as_text(
            customer_engagement.nested_text(properties, key)
        ) | trim}) -%}
    {%- endfor -%}
    {%- set time_unit = 'seconds or milliseconds' -%}
    {%- set time = customer_engagement.preset_time_of_epoch(texts['time'], time_unit) -%}
    {%- set processed = texts['mp_processing_time_ms'] -%}
    {{ return({
        'columns': {
            'interaction_id': customer_engagement.mixpanel_event_id(
                texts['$insert_id'], texts['distinct_id'], event, time
            ),
            'customer_id': texts['distinct_id'],
            'activity_type': customer_engagement.mixpanel_activity_type(event),
            'occurred_at': "coalesce(" ~ time ~ ", "
                ~ customer_engagement.unreadable_nested_text(properties) ~ ")",
            'loaded_at': customer_engagement.preset_load_time(
                customer_engagement.preset_time_of_epoch(processed, 'milliseconds'),
                customer_engagement.preset_epoch_micros(processed, 'milliseconds'),
                customer_engagement.preset_epoch_micros(texts['time'], time_unit)
            ),
        },
        'where': customer_engagement.mixpanel_events_counted(event),
    }) }}
{%- endmacro %}

{# What makes two lines copies of one event; NULL, so no copy of any, without an insert_id. #}
{% macro mixpanel_event_id(insert_id, distinct_id, event, time) -%}
    {{ return(dbt.concat([insert_id, "'|'", distinct_id, "'|'", event, "'|'", time])) }}
{%- endmacro %}

{% macro mixpanel_activity_type(event) -%}
    {{ return(
        "case " ~ event ~ " when '$mp_web_page_view' then 'page_view' else lower(" ~ event ~ ") end"
    ) }}
{%- endmacro %}

{% macro mixpanel_events_counted(event) -%}
    {{ return(
        "coalesce(" ~ event ~ ", '') not in"
        ~ " ('$identify', '$create_alias', '$merge', '$opt_in', '$mp_session_record')"
    ) }}
{%- endmacro %}
