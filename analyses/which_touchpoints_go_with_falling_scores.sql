-- Where customers meet the company, and how the scores of those who did moved, over the last four
-- periods.
with periods as (

    select
        period_end,
        row_number() over (order by period_end desc) as period_number
    from {{ ref('engagement_touchpoints') }}
    group by period_end

)

select
    touchpoints.touchpoint,
    touchpoints.activity_type,
    sum(touchpoints.interactions) as interactions,
    sum(touchpoints.scored_customers) as customer_periods,
    round(
        sum(touchpoints.mean_score_change * touchpoints.scored_customers)
        / sum(
            case
                when touchpoints.mean_score_change is not null then touchpoints.scored_customers
            end
        ),
        2
    ) as mean_score_change
from {{ ref('engagement_touchpoints') }} as touchpoints
inner join periods
    on touchpoints.period_end = periods.period_end
where
    periods.period_number <= 4
    and touchpoints.segment_column = 'all'
group by
    touchpoints.touchpoint,
    touchpoints.activity_type
order by
    mean_score_change asc nulls last,
    touchpoints.activity_type asc
