-- depends_on: {{ ref('scoring_goal_suggestions') }}
with score_models as (

    select * from {{ ref('config_score_models') }}
    where is_scored and formula = 'index'

),

score_metrics as (

    select * from {{ ref('config_score_metrics') }}

),

metric_availability as (

    select * from {{ ref('int_metric_availability') }}

),

periods as (

    select min(period_end) as first_period_end
    from {{ ref('int_scoring_periods') }}
    where is_scored

)

select
    score_metrics.score_model,
    score_metrics.version,
    score_metrics.metric,
    score_metrics.dimension,
    score_metrics.weight,
    score_metrics.scaling,
    score_metrics.lower,
    score_metrics.goal,
    score_metrics.missing,
    case
        when score_metrics.metric = 'decayed_points' then periods.first_period_end
        else metric_availability.available_from
    end as available_from
from score_metrics
inner join score_models
    on
        score_metrics.score_model = score_models.score_model
        and score_metrics.version = score_models.version
left join metric_availability
    on
        score_models.window_periods = metric_availability.window_periods
        and score_metrics.metric = metric_availability.metric
cross join periods
