with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored and {{ is_rescored_period('period_end', has_end=false) }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}
    where occurred_on >= (select min(periods.period_start) from periods)

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

activity_weights as (

    select * from {{ ref('config_engagement__activity_weights') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and status != 'challenger'

),

-- Few rows: most score models of a period weight an activity alike. Which of them applies to a
-- customer is decided in engagement_touchpoints: here it would take a join with every customer and
-- period.
weightings as (

    select distinct
        periods.period_end,
        activity_types.activity_type,
        activity_weights.points,
        activity_weights.daily_cap
    from periods
    inner join score_models
        on {{ is_in_force('score_models', 'periods.period_end') }}
    cross join activity_types
    left join activity_weights
        on
            score_models.score_model = activity_weights.score_model
            and score_models.version = activity_weights.version
            and activity_types.activity_type = activity_weights.activity_type

),

-- Points of the day itself: capped, and without decay.
points_by_day as (

    select
        activity_days.customer_id,
        periods.period_end,
        activity_days.activity_type,
        weightings.points as points_each,
        weightings.daily_cap,
        activity_days.interactions,
        cast(
            coalesce(
                cast(weightings.points as double)
                * cast(
                    {{ counted_value('activity_days', 'activity_types', 'weightings') }} as double
                ),
                0
            ) as decimal(38, 12)
        ) as points
    from activity_days
    inner join periods
        on {{ period_end('activity_days.occurred_on') }} = periods.period_end
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    left join weightings
        on
            periods.period_end = weightings.period_end
            and activity_days.activity_type = weightings.activity_type

),

final as (

    select
        customer_id,
        period_end,
        activity_type,
        points_each,
        daily_cap,
        cast(sum(interactions) as {{ dbt.type_int() }}) as interactions,
        sum(points) as points
    from points_by_day
    group by
        customer_id,
        period_end,
        activity_type,
        points_each,
        daily_cap

)

select * from final
