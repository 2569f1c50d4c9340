{%- set metrics = customer_engagement.metric_catalog() %}
{%- set has_scale = "coalesce(scaling, '') != 'percentile'" %}
{%- set pointless = customer_engagement.roles_without_points() | join(' and ') %}
{#- Closer bounds than this divide by next to nothing. #}
{%- set least_distance = '0.000001' %}
with

activity_weights as (

    select * from {{ ref('config_engagement__activity_weights_rows') }}

),

score_metrics as (

    select * from {{ ref('config_engagement__score_metrics_rows') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models_rows') }}

),

weights_per_model as (

    select
        score_model,
        version,
        max(abs(counted_points)) as largest_points
    from activity_weights
    group by score_model, version

),

column_problems as (
    {{ customer_engagement.config_column_rules('score_metrics') }}
),

row_problems as (

    select
        'score_metrics' as seed,
        score_metrics.row_key,
        'weight is ' || score_metrics.weight_text || ', but activity_weights has no row for this '
        || 'model version with points other than 0 (those of what the company does, '
        || '{{ pointless }}, count nothing); add its activities there, or set the weight '
        || 'to 0' as problem
    from score_metrics
    left join weights_per_model
        on
            score_metrics.score_model = weights_per_model.score_model
            and score_metrics.version = weights_per_model.version
    where
        score_metrics.metric = 'decayed_points'
        and score_metrics.weight > 0
        and coalesce(weights_per_model.largest_points, 0) = 0

    union all

    select
        'score_metrics' as seed,
        row_key,
        'lower is ' || cast(lower as {{ dbt.type_string() }}) || ' and goal is ' || goal_text
        || '; lower scores 0 and goal scores 100, so they must differ, by at least '
        || '{{ least_distance }}' as problem
    from score_metrics
    where
        scaling = 'goal'
        and abs(lower - goal) < {{ least_distance }}

    union all

    select
        'score_metrics' as seed,
        row_key,
        'scaling is log_goal, but goal is ' || goal_text || ' and lower is '
        || cast(lower as {{ dbt.type_string() }})
        || '; log_goal needs a goal above lower (use scaling goal for a reversed scale)' as problem
    from score_metrics
    where
        scaling = 'log_goal'
        and goal - lower < {{ least_distance }}

    union all

    select
        'score_metrics' as seed,
        row_key,
        'scaling is saturation, but goal is ' || coalesce(goal_text, 'blank') || ' and lower is '
        || cast(lower as {{ dbt.type_string() }})
        || '; saturation needs a goal above 0, and lower 0 or blank' as problem
    from score_metrics
    where
        scaling = 'saturation'
        and (goal <= 0 or lower != 0)

    union all

    -- The other customers are the scale.
    select
        'score_metrics' as seed,
        row_key,
        'scaling is percentile, but lower is ' || coalesce(lower_text, 'blank') || ' and goal is '
        || coalesce(goal_text, 'blank')
        || '; a percentile compares customers with each other, so leave both blank, or use one '
        || 'of: goal, log_goal, saturation' as problem
    from score_metrics
    where
        scaling = 'percentile'
        and coalesce(lower_text, goal_text) is not null
    {% for metric, entry in metrics.items() if entry['direction'] == 'down' %}
    union all

    select
        'score_metrics' as seed,
        row_key,
        'goal is ' || goal_text || ' and lower is ' || cast(lower as {{ dbt.type_string() }})
        || ', but less {{ metric }} is better; its goal must be below lower' as problem
    from score_metrics
    where
        metric = '{{ metric }}'
        and {{ has_scale }}
        and goal > lower
    {% endfor %}
    {%- for metric, entry in metrics.items() if entry['maximum'] is not none %}
    union all

    select
        'score_metrics' as seed,
        row_key,
        'lower is ' || cast(lower as {{ dbt.type_string() }}) || ' and goal is '
        || coalesce(goal_text, 'blank')
        || '; {{ metric }} is measured as {{ entry["unit"] }}, so both must be at most '
        || '{{ entry["maximum"] }}' as problem
    from score_metrics
    where
        metric = '{{ metric }}'
        and {{ has_scale }}
        and (lower > {{ entry['maximum'] }} or goal > {{ entry['maximum'] }})
    {% endfor %}
),

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
