{%- set metrics = metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
with step_metrics as (

    select * from {{ ref('int_engagement__step_metrics') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

)

select
    -- ids
    step_metrics.customer_id,
    step_metrics.window_periods,
    step_metrics.period_index,
    step_metrics.period_end,
    step_metrics.step,

    -- scope
    step_metrics.is_known,
    step_metrics.exposed_days,
    step_metrics.is_new,
    step_metrics.engaged_interactions,

    -- metrics
    {%- for metric in metrics %}
    step_metrics.{{ metric }},
    {%- endfor %}

    -- what scores it
    step_metrics.in_force_on
from step_metrics
inner join rescored_customers
    on
        step_metrics.customer_id = rescored_customers.customer_id
        and step_metrics.in_force_on
        between rescored_customers.rescored_from and rescored_customers.rescored_until
