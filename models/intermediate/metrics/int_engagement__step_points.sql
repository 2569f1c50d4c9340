{{ built_by_customer_and_period(
    'pending', day='in_force_on', of_periods='previous_period_end is not null'
) }}
with customer_points as (

    select * from {{ ref('int_engagement__customer_points') }}

),

period_points as (

    select * from {{ ref('int_engagement__period_points') }}

),

step_metrics as (

    select distinct
        step_metrics.customer_id,
        step_metrics.period_index,
        step_metrics.step,
        step_metrics.in_force_on
    from {{ ref('int_engagement__step_metrics') }} as step_metrics
    inner join {{ ref('int_engagement__customer_periods') }} as customer_periods
        on
            step_metrics.customer_id = customer_periods.customer_id
            and step_metrics.in_force_on = customer_periods.period_end
    where customer_periods.is_pending

),

own_points as (

    select
        customer_id,
        score_model,
        version,
        period_index,
        cast(sum(positive_points) as double) as positive_points,
        cast(sum(negative_points) as double) as negative_points
    from period_points
    group by
        customer_id,
        score_model,
        version,
        period_index

),

points_with_own_period as (

    select
        customer_points.customer_id,
        customer_points.score_model,
        customer_points.version,
        customer_points.period_index,
        customer_points.period_end,
        step_metrics.step,
        step_metrics.in_force_on,
        customer_points.positive_points,
        customer_points.negative_points,
        -- Not carried on yet, points of the period itself come off as they went in.
        case
            when step_metrics.step = 'window_moved'
                then coalesce(own_points.positive_points, 0)
            else 0
        end as own_positive_points,
        case
            when step_metrics.step = 'window_moved'
                then coalesce(own_points.negative_points, 0)
            else 0
        end as own_negative_points
    from customer_points
    inner join step_metrics
        on
            customer_points.customer_id = step_metrics.customer_id
            and customer_points.period_index = step_metrics.period_index
    left join own_points
        on
            customer_points.customer_id = own_points.customer_id
            and customer_points.score_model = own_points.score_model
            and customer_points.version = own_points.version
            and customer_points.period_index = own_points.period_index

),

points as (

    select
        customer_id,
        score_model,
        version,
        period_index,
        period_end,
        step,
        in_force_on,
        greatest(positive_points - own_positive_points, 0) as positive_points,
        greatest(negative_points - own_negative_points, 0) as negative_points
    from points_with_own_period

)

select
    *,
    {{ points_standing('positive_points', 'negative_points') }} as points
from points
