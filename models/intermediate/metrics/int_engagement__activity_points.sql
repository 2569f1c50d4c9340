with activity_days as (

    select activity_days.*
    from {{ ref('int_engagement__customer_activity_days') }} as activity_days
    inner join {{ ref('int_engagement__rescored_customers') }} as rescored_customers
        on activity_days.customer_id = rescored_customers.customer_id

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

activity_weights as (

    select * from {{ ref('config_engagement__activity_weights') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and formula != 'index'

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_detailed

),

-- Few periods and few models: here the windows are joined with their days.
model_periods as (

    {% for window_periods in score_windows() -%}
    select
        score_models.score_model,
        score_models.version,
        periods.period_end,
        {{ window_start('periods.period_end', window_periods) }} as window_start
    from score_models
    inner join periods
        on {{ is_in_force('score_models', 'periods.period_end') }}
    where score_models.window_periods = {{ window_periods }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

weighed_days_in_windows as (

    select
        activity_days.customer_id,
        model_periods.score_model,
        model_periods.version,
        model_periods.period_end,
        activity_days.activity_type,
        activity_weights.points as points_each,
        {{ activity_value('activity_days', 'activity_types') }} as activity_value,
        {{ counted_value('activity_days', 'activity_types', 'activity_weights') }} as counted_value,
        {{ decayed_points(
            'activity_weights.points',
            counted_value('activity_days', 'activity_types', 'activity_weights'),
            days_between('activity_days.occurred_on', 'model_periods.period_end'),
            'activity_weights.half_life_days'
        ) }} as points
    from activity_days
    inner join activity_types
        on activity_days.activity_type = activity_types.activity_type
    inner join activity_weights
        on activity_days.activity_type = activity_weights.activity_type
    inner join model_periods
        on
            activity_weights.score_model = model_periods.score_model
            and activity_weights.version = model_periods.version
            and activity_days.occurred_on between model_periods.window_start
            and model_periods.period_end

)

select
    customer_id,
    score_model,
    version,
    period_end,
    activity_type,
    points_each,
    cast(sum(activity_value) as double) as value,
    cast(sum(counted_value) as double) as counted_value,
    cast(sum(points) as double) as points
from weighed_days_in_windows
group by
    customer_id,
    score_model,
    version,
    period_end,
    activity_type,
    points_each
