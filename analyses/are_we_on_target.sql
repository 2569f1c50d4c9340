-- The KPIs of everybody that have a target, each at its latest complete month: how far off, and
-- where it goes.
with months as (

    select
        *,
        row_number() over (partition by kpi order by period_end desc) as month_number
    from {{ ref('engagement_kpis') }}
    where
        segment_column = 'all'
        and period_grain = 'month'
        and not is_partial

)

select
    kpi,
    period_end,
    round(value, 3) as value,
    unit,
    target,
    status,
    good_direction,
    round(value_change, 3) as value_change,
    trend,
    external_events
from months
where
    month_number = 1
    and target is not null
order by
    case status when 'off_target' then 1 when 'near' then 2 else 3 end,
    kpi
