with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

external_events as (

    select
        starts_on,
        ends_on,
        kind || coalesce(': ' || note, '') as words
    from {{ ref('config_engagement__external_events') }}

),

-- Two rows that say the same are said once.
events_in_periods as (

    select
        periods.period_end,
        external_events.words,
        min(external_events.starts_on) as starts_on
    from periods
    inner join external_events
        on
            periods.period_start <= external_events.ends_on
            and periods.period_end >= external_events.starts_on
    group by periods.period_end, external_events.words

),

events_by_period as (

    select
        period_end,
        {{ dbt.listagg('words', "'; '", 'order by starts_on, words') }} as external_events
    from events_in_periods
    group by period_end

),

final as (

    select
        periods.period_end,
        events_by_period.external_events
    from periods
    left join events_by_period
        on periods.period_end = events_by_period.period_end

)

select * from final
