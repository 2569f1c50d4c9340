{#
    Amplitude, the events of its warehouse exports and of its Export API.
    https://amplitude.com/docs/data/destination-catalog/google-bigquery (columns, copies)
    https://amplitude.com/docs/apis/analytics/export (columns, event_time)
    https://github.com/amplitude/Amplitude-TypeScript (names of identify calls)

    A row is one event; uuid is the row's own id, and repeats where a day was exported twice. The
    customer is the user_id, else the amplitude_id: Amplitude's own person, known before sign-in
    and on every device. `identities` joins the two.

    session_id is the session's start, unique within a user only, so the amplitude_id goes before
    it; -1 means none. event_time is corrected for device clocks that are a minute wrong or more; a
    clock that is less ahead leaves events seconds after their upload, and those get no load time.

    $identify and $groupidentify carry properties and are nobody's act. Revenue is in
    event_properties, under names that differ by library.
#}
{% macro preset_amplitude_events() -%}
    {%- set event = customer_engagement.preset_text('event_type') -%}
    {%- set session = "nullif(" ~ customer_engagement.preset_text('session_id') ~ ", '-1')" -%}
    {%- set uploaded = customer_engagement.preset_column('server_upload_time') -%}
    {{ return({
        'columns': {
            'interaction_id': "uuid",
            'customer_id': customer_engagement.preset_first_text(['user_id', 'amplitude_id']),
            'activity_type': "lower(" ~ event ~ ")",
            'occurred_at': "event_time",
            'session_id': dbt.concat(
                [customer_engagement.preset_text('amplitude_id'), "'.'", session]
            ),
            'channel': "lower(" ~ customer_engagement.preset_text('platform') ~ ")",
            'loaded_at': customer_engagement.preset_load_time(
                uploaded, customer_engagement.to_utc(uploaded) | trim,
                customer_engagement.to_utc(customer_engagement.preset_column('event_time')) | trim
            ),
        },
        'where': "coalesce(" ~ event ~ ", '') not in ('$identify', '$groupidentify')",
    }) }}
{%- endmacro %}
