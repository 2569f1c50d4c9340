{%- set period_days = customer_engagement.config_period_days() %}
{%- set min_exposure_days = var('min_exposure_days', 7) %}
{%- set segment_columns = customer_engagement.segment_columns() %}
{%- set known_segments = segment_columns | join(', ') or '(none)' %}
{%- set since_ever = "date '0001-01-01'" %}
{%- set pointless = customer_engagement.roles_without_points() | join(' and ') %}
with

score_models as (

    select * from {{ ref('config_engagement__score_models_rows') }}

),

activity_weights as (

    select * from {{ ref('config_engagement__activity_weights_rows') }}

),

score_metrics as (

    select * from {{ ref('config_engagement__score_metrics_rows') }}

),

-- Champions and the versions that they followed: those that take each other's place in time.
versions_in_order as (

    select * from score_models
    where is_in_order

),

published_models as (

    select * from versions_in_order
    where status = 'champion' or version != last_version

),

weights_per_model as (

    select
        score_model,
        version,
        max(abs(counted_points)) as largest_points
    from activity_weights
    group by score_model, version

),

metrics_per_model as (

    select
        score_model,
        version,
        max(weight) as largest_weight
    from score_metrics
    group by score_model, version

),

column_problems as (
    {{ customer_engagement.config_column_rules('score_models') }}
),

row_problems as (

    select
        'score_models' as seed,
        '(all rows)' as row_key,
        'no row has status champion, so no score would be published; give one version of one '
        || 'score model the status champion' as problem
    from score_models
    where status = 'champion'
    having count(*) = 0

    union all

    select
        'score_models' as seed,
        row_key,
        'window_days is ' || window_days_text
        || ', which is not a whole number of scoring periods; under scoring_grain '
        || '{{ customer_engagement.scoring_grain() }} it must be a multiple of '
        || '{{ period_days }}' as problem
    from score_models
    where
        window_days > 0
        and mod(window_days, {{ period_days }}) != 0

    union all

    -- Nobody is exposed for longer than the window.
    select
        'score_models' as seed,
        row_key,
        'window_days is ' || window_days_text
        || ', but min_exposure_days is {{ min_exposure_days }}, so everybody would be new and '
        || 'nobody scored; use a window of at least {{ min_exposure_days }}, or lower the variable '
        || 'min_exposure_days' as problem
    from score_models
    where
        window_days > 0
        and window_days < {{ min_exposure_days }}

    union all

    select
        'score_models' as seed,
        row_key,
        'segment_column is ' || coalesce('"' || segment_column || '"', 'blank')
        || ' and segment_value is ' || coalesce('"' || segment_value || '"', 'blank')
        || '; fill in both to score one segment, or neither to score everybody' as problem
    from score_models
    where
        (segment_column is null and segment_value is not null)
        or (segment_column is not null and segment_value is null)

    union all

    select
        'score_models' as seed,
        row_key,
        'segment_column is "' || segment_column
        || '", which the variable segment_columns does not name; use one of: '
        || '{{ known_segments }}, or add it to the variable' as problem
    from score_models
    where
        segment_column is not null
        and segment_column not in ('{{ segment_columns | join("', '") }}')  -- noqa: LT05

    union all

    -- Versions of one score model follow each other and may share a priority.
    select
        'score_models' as seed,
        published_models.row_key,
        'priority is ' || published_models.priority_text || ', as in score model "'
        || other_models.score_model || '"; published score models need different priorities: the '
        || 'lowest whose segment matches is the champion of a customer' as problem
    from published_models
    inner join published_models as other_models
        on
            published_models.priority = other_models.priority
            and published_models.score_model != other_models.score_model

    union all

    select
        'score_models' as seed,
        versions_in_order.row_key,
        'valid_from is ' || coalesce(versions_in_order.valid_from_text, 'blank')
        || ', as in version "' || other_versions.version
        || '": two versions would be in force at once; give each its own first day, or make one '
        || 'a challenger' as problem
    from versions_in_order
    inner join versions_in_order as other_versions
        on
            versions_in_order.score_model = other_versions.score_model
            and versions_in_order.version != other_versions.version
            and coalesce(versions_in_order.valid_from, {{ since_ever }})
            = coalesce(other_versions.valid_from, {{ since_ever }})

    union all

    -- A version that was tried and withdrawn does not bring the one before it back.
    select
        'score_models' as seed,
        row_key,
        'status is champion, but the last version, "' || last_version
        || '", is retired, so from its valid_from on the model is not scored; add a new version '
        || 'with a later valid_from, or make version "' || last_version || '" a challenger'
            as problem
    from versions_in_order
    where
        status = 'champion'
        and last_status = 'retired'

    union all

    select
        'score_models' as seed,
        score_models.row_key,
        'formula is index, but '
        || case
            when metrics_per_model.score_model is null
                then
                    'score_metrics has no row for it; add its metrics to score_metrics, or use one '
                    || 'of: weighted_sum, weighted_mean, metric_mean'
            else 'all its weights in score_metrics are 0; give at least one metric a weight above 0'
        end as problem
    from score_models
    left join metrics_per_model
        on
            score_models.score_model = metrics_per_model.score_model
            and score_models.version = metrics_per_model.version
    where
        score_models.formula = 'index'
        and (metrics_per_model.score_model is null or metrics_per_model.largest_weight = 0)

    union all

    select
        'score_models' as seed,
        score_models.row_key,
        'formula is ' || score_models.formula || ', but activity_weights has no row for it with '
        || 'points other than 0 (those of what the company does, {{ pointless }}, '
        || 'count nothing); add its activities to activity_weights, or use index' as problem
    from score_models
    left join weights_per_model
        on
            score_models.score_model = weights_per_model.score_model
            and score_models.version = weights_per_model.version
    where
        score_models.formula in ('weighted_sum', 'weighted_mean', 'metric_mean')
        and coalesce(weights_per_model.largest_points, 0) = 0

    union all

    select
        'score_models' as seed,
        row_key,
        'aggregation is geometric, but formula is ' || formula
        || ', which adds points up; use arithmetic, leave it blank, or use formula index'
            as problem
    from score_models
    where
        formula in ('weighted_sum', 'weighted_mean', 'metric_mean')
        and aggregation = 'geometric'

),

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
