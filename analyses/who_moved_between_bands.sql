-- Moves between settled bands over the last four periods, as counts, worst first.
with periods as (

    select
        period_end,
        row_number() over (order by period_end desc) as period_number
    from {{ ref('engagement_band_transitions') }}
    group by period_end

)

select
    transitions.from_band,
    transitions.to_band,
    transitions.band_move,
    sum(transitions.customers) as customers
from {{ ref('engagement_band_transitions') }} as transitions
inner join periods
    on transitions.period_end = periods.period_end
where
    periods.period_number <= 4
    and transitions.band_move in ('up', 'down')
group by
    transitions.from_band,
    transitions.to_band,
    transitions.band_move
order by
    transitions.band_move asc,
    customers desc,
    transitions.from_band asc
