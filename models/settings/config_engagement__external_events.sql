-- depends_on: {{ ref('config_engagement__problems') }}
{#- The demo company's events are read while its interactions are. -#}
{%- set is_demo = var('engagement_inputs', none) is none %}
with

external_events as (

    select * from {{ ref('config_engagement__external_events_rows') }}

),

{% if is_demo -%}
demo_external_events as (

    {{ customer_engagement.config_seed_rows('external_events', ref('demo_external_events')) }}

),

{% endif -%}
all_events as (

    select * from external_events
    {%- if is_demo %}
    union all
    select * from demo_external_events
    {%- endif %}

),

final as (

    select
        starts_on,
        ends_on,
        kind,
        note
    from all_events

)

select * from final
