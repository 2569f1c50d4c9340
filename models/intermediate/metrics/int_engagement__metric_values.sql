{%- set metrics = metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
with customer_metrics as (

    select customer_metrics.*
    from {{ ref('int_engagement__customer_metrics') }} as customer_metrics
    inner join {{ ref('int_engagement__rescored_customers') }} as rescored_customers
        on
            customer_metrics.customer_id = rescored_customers.customer_id
            and customer_metrics.period_end
            between rescored_customers.rescored_from and rescored_customers.rescored_until
    inner join {{ ref('int_engagement__scoring_periods') }} as periods
        on customer_metrics.period_end = periods.period_end
    where periods.is_detailed

),

customer_points as (

    select * from {{ ref('int_engagement__customer_points') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored

),

model_metrics as (

    select
        customer_metrics.*,
        score_models.score_model,
        score_models.version,
        customer_points.points as decayed_points
    from customer_metrics
    inner join score_models
        on
            customer_metrics.window_periods = score_models.window_periods
            and score_models.formula = 'index'
            and {{ is_in_force('score_models', 'customer_metrics.period_end') }}
    left join customer_points
        on
            customer_metrics.customer_id = customer_points.customer_id
            and customer_metrics.period_index = customer_points.period_index
            and score_models.score_model = customer_points.score_model
            and score_models.version = customer_points.version

),

final as (

    {% for metric in metrics + ['decayed_points'] -%}
    select
        customer_id,
        score_model,
        version,
        period_end,
        is_known,
        is_new,
        '{{ metric }}' as metric,
        cast({{ metric }} as double) as value
    from model_metrics
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

)

select * from final
