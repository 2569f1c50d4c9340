-- Whatever the customers are cut by, the interactions of a scored period are those of the days.
with touchpoints as (

    select * from {{ ref('engagement_touchpoints') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

days as (

    select
        activity_days.activity_type,
        periods.period_end,
        sum(activity_days.interactions) as interactions,
        count(distinct activity_days.customer_id) as customers
    from activity_days
    inner join periods
        on {{ period_end('activity_days.occurred_on') }} = periods.period_end
    group by
        activity_days.activity_type,
        periods.period_end

),

added as (

    select
        activity_type,
        segment_column,
        period_end,
        sum(interactions) as interactions,
        sum(customers) as customers
    from touchpoints
    group by
        activity_type,
        segment_column,
        period_end

)

select
    days.*,
    added.segment_column,
    added.interactions as added_interactions,
    added.customers as added_customers
from days
full outer join added
    on
        days.activity_type = added.activity_type
        and days.period_end = added.period_end
where
    days.interactions is distinct from added.interactions
    or days.customers is distinct from added.customers
