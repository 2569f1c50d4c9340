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
overlapping as (

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

told as (

    select
        period_end,
        {{ dbt.listagg('words', "'; '", 'order by starts_on, words') }} as external_events
    from overlapping
    group by period_end

),

final as (

    select
        periods.period_end,
        told.external_events
    from periods
    left join told
        on periods.period_end = told.period_end

)

select * from final
