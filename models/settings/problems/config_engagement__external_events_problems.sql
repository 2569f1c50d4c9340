with

external_events as (

    select * from {{ ref('config_engagement__external_events_rows') }}

),

column_problems as (
    {{ customer_engagement.config_column_rules('external_events') }}
),

row_problems as (

    select
        'external_events' as seed,
        row_key,
        'ends_on is ' || ends_on_text || ', before starts_on ' || starts_on_text
        || '; it is the last day of the event, so it must be starts_on or later' as problem
    from external_events
    where ends_on < starts_on

),

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
