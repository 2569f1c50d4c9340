with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}
    where {{ is_pending_customer('customer_id') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

activity_weights as (

    select * from {{ ref('config_engagement__activity_weights') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

weighed_days as (

    select
        activity_days.customer_id,
        activity_days.occurred_on,
        activity_weights.score_model,
        activity_weights.version,
        activity_weights.half_life_days,
        activity_weights.points,
        {{ counted_value('activity_days', 'activity_types', 'activity_weights') }} as counted_value
    from activity_days
    -- Left: `make suggest` weighs activities that are not in the seed yet.
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    inner join activity_weights
        on activity_days.activity_type = activity_weights.activity_type
    inner join score_models
        on
            activity_weights.score_model = score_models.score_model
            and activity_weights.version = score_models.version
    where activity_weights.points != 0

),

-- Decayed to the end of the period here, and from period to period when the window is summed.
decayed_days as (

    select
        weighed_days.customer_id,
        periods.period_index,
        weighed_days.score_model,
        weighed_days.version,
        weighed_days.half_life_days,
        {{ decayed_points(
            'weighed_days.points',
            'weighed_days.counted_value',
            days_between('weighed_days.occurred_on', 'periods.period_end'),
            'weighed_days.half_life_days'
        ) }} as points
    from weighed_days
    inner join periods
        on {{ period_end('weighed_days.occurred_on') }} = periods.period_end

)

select
    customer_id,
    period_index,
    score_model,
    version,
    half_life_days,
    sum(case when points > 0 then points else 0 end) as positive_points,
    sum(case when points < 0 then -points else 0 end) as negative_points
from decayed_days
group by
    customer_id,
    period_index,
    score_model,
    version,
    half_life_days
-- Nothing depends on the order: with a customer's rows together, the sums over windows that
-- int_engagement__customer_points makes of them take half the time.
order by customer_id
