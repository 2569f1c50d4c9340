-- depends_on: {{ ref('config_problems') }}
with

external_events as (

    {{ customer_engagement.config_seed_rows('external_events') }}

),

final as (

    select
        starts_on,
        ends_on,
        kind,
        note
    from external_events

)

select * from final
