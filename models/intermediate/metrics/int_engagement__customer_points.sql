{{ built_by_customer_and_period('pending') }}
with customer_periods as (

    select * from {{ ref('int_engagement__customer_periods') }}
    where is_pending

),

-- As doubles before they are multiplied into the periods that they reach.
period_points as (

    select
        customer_id,
        period_index,
        score_model,
        version,
        half_life_days,
        cast(positive_points as double) as positive_points,
        cast(negative_points as double) as negative_points
    from {{ ref('int_engagement__period_points') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored

),

half_lives as (

    select distinct
        score_model,
        version,
        half_life_days
    from {{ ref('config_engagement__activity_weights') }}

),

-- Into which periods the points of a period reach, and what is left of them by then. Points are
-- carried on rather than kept in a running sum, which would need growing powers: those overflow for
-- short half-lives, and decimals, which repeat to the last digit, cannot hold them.
reaches as (

    select
        half_lives.score_model,
        half_lives.version,
        half_lives.half_life_days,
        earlier.period_index as earned_index,
        later.period_index,
        coalesce(
            power(
                2e0,
                -{{ days_between('earlier.period_end', 'later.period_end') }}
                / half_lives.half_life_days
            ),
            1
        ) as share_left
    from half_lives
    inner join score_models
        on
            half_lives.score_model = score_models.score_model
            and half_lives.version = score_models.version
    cross join periods as earlier
    inner join periods as later
        on
            earlier.period_index <= later.period_index
            and earlier.period_index + score_models.window_periods > later.period_index
            and later.is_scored

),

windows as (

    select
        period_points.customer_id,
        period_points.score_model,
        period_points.version,
        reaches.period_index,
        sum(cast(period_points.positive_points * reaches.share_left as decimal(38, 12)))
            as positive_points,
        sum(cast(period_points.negative_points * reaches.share_left as decimal(38, 12)))
            as negative_points
    from period_points
    inner join reaches
        on
            period_points.score_model = reaches.score_model
            and period_points.version = reaches.version
            -- A half-life is above 0: 0 means none.
            and coalesce(period_points.half_life_days, 0) = coalesce(reaches.half_life_days, 0)
            and period_points.period_index = reaches.earned_index
    group by
        period_points.customer_id,
        period_points.score_model,
        period_points.version,
        reaches.period_index

),

weighing_models as (

    select distinct
        half_lives.score_model,
        half_lives.version
    from half_lives
    inner join score_models
        on
            half_lives.score_model = score_models.score_model
            and half_lives.version = score_models.version

),

points as (

    select
        customer_periods.customer_id,
        weighing_models.score_model,
        weighing_models.version,
        customer_periods.period_index,
        customer_periods.period_end,
        coalesce(cast(windows.positive_points as double), 0) as positive_points,
        coalesce(cast(windows.negative_points as double), 0) as negative_points
    from customer_periods
    cross join weighing_models
    left join windows
        on
            customer_periods.customer_id = windows.customer_id
            and weighing_models.score_model = windows.score_model
            and weighing_models.version = windows.version
            and customer_periods.period_index = windows.period_index

)

select
    *,
    {{ points_standing('positive_points', 'negative_points') }} as points
from points
