with kpi_periods as (

    select * from {{ ref('int_engagement__kpi_periods') }}

),

period_events as (

    select * from {{ ref('int_engagement__period_events') }}
    where external_events is not null

),

-- Months and quarters have the events of the scored periods that end in them.
distinct_events as (

    select
        kpi_periods.period_grain,
        kpi_periods.period_end,
        period_events.external_events,
        min(period_events.period_end) as first_period_end
    from kpi_periods
    inner join period_events
        on period_events.period_end between kpi_periods.days_from and kpi_periods.days_until
    group by
        kpi_periods.period_grain,
        kpi_periods.period_end,
        period_events.external_events

),

-- Events that another text of the period contains are left out.
final as (

    select
        period_grain,
        period_end,
        {{ dbt.listagg('external_events', "'; '", 'order by first_period_end, external_events') }}
            as external_events
    from distinct_events
    where
        not exists (
            select 1
            from distinct_events as fuller
            where
                distinct_events.period_grain = fuller.period_grain
                and distinct_events.period_end = fuller.period_end
                and distinct_events.external_events != fuller.external_events
                and {{ dbt.position('distinct_events.external_events', 'fuller.external_events') }}
                > 0
        )
    group by
        period_grain,
        period_end

)

select * from final
