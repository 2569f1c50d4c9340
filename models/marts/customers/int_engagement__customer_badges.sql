{%- set measures = badge_measures() or ['score'] -%}
{%- set score_measures = measures | select('in', standing_measures()) | list -%}
{%- set metric_measures = measures | reject('in', standing_measures()) | list -%}
with latest_scores as (

    select * from {{ ref('int_engagement__latest_scores') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

badge_rules as (

    select * from {{ ref('config_engagement__badge_rules') }}

),

-- New customers earn none: rates over a few days are no habit yet.
customers_by_rule as (

    select
        latest_scores.customer_id,
        badge_rules.badge,
        badge_rules.comparison,
        badge_rules.threshold,
        case badge_rules.measure
            {%- for measure in score_measures %}
            when '{{ measure }}' then cast(latest_scores.{{ measure }} as double)
            {%- endfor %}
            {%- for metric in metric_measures %}
            when '{{ metric }}' then cast(customer_metrics.{{ metric }} as double)
            {%- endfor %}
        end as measured_value
    from latest_scores
    inner join score_models
        on
            latest_scores.score_model = score_models.score_model
            and latest_scores.version = score_models.version
    left join customer_metrics
        on
            latest_scores.customer_id = customer_metrics.customer_id
            and latest_scores.period_end = customer_metrics.period_end
            and score_models.window_periods = customer_metrics.window_periods
    cross join badge_rules
    where latest_scores.status != 'new'

),

final as (

    select
        customer_id,
        {{ dbt.listagg('badge', "', '", 'order by badge') }} as badges
    from customers_by_rule
    where
        (comparison = 'at_least' and measured_value >= threshold)
        or (comparison = 'at_most' and measured_value <= threshold)
    group by customer_id

)

select * from final
