-- depends_on: {{ ref('scoring_engagement__goal_suggestions') }}
with score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and formula = 'index'

),

score_metrics as (

    select
        score_model,
        version,
        metric,
        dimension,
        weight,
        scaling,
        lower,
        goal,
        missing
    from {{ ref('config_engagement__score_metrics') }}
    {%- if is_suggesting() %}

    union all

    select
        score_models.score_model,
        score_models.version,
        suggested.metric,
        suggested.dimension,
        suggested.weight,
        suggested.scaling,
        suggested.lower,
        suggested.goal,
        suggested.missing
    from {{ ref('scoring_engagement__suggested_metrics') }} as suggested
    inner join score_models
        on score_models.version = 'suggested'
    {%- endif %}

),

metric_catalog as (

    {{ metric_catalog_rows() | indent(4) }}

),

first_runs as (

    select
        window_periods,
        metric,
        min(available_from) as available_from
    from {{ ref('int_engagement__metric_availability') }}
    group by
        window_periods,
        metric

)

select
    score_metrics.score_model,
    score_metrics.version,
    score_metrics.metric,
    score_metrics.dimension,
    score_metrics.weight,
    score_metrics.scaling,
    metric_catalog.direction,
    score_metrics.lower,
    score_metrics.goal,
    score_metrics.missing,
    score_models.aggregation,
    score_models.window_periods,
    first_runs.available_from
from score_metrics
inner join score_models
    on
        score_metrics.score_model = score_models.score_model
        and score_metrics.version = score_models.version
inner join metric_catalog
    on score_metrics.metric = metric_catalog.metric
left join first_runs
    on
        score_models.window_periods = first_runs.window_periods
        and score_metrics.metric = first_runs.metric
