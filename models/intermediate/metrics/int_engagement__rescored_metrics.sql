{%- set metrics = metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
with customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

)

select
    -- ids
    customer_metrics.customer_id,
    customer_metrics.window_periods,
    customer_metrics.period_index,
    customer_metrics.period_end,

    -- metrics
    {%- for metric in metrics %}
    customer_metrics.{{ metric }},
    {%- endfor %}

    -- scope
    customer_metrics.is_known,
    customer_metrics.exposed_days,
    customer_metrics.is_new,
    customer_metrics.engaged_interactions
from customer_metrics
inner join rescored_customers
    on
        customer_metrics.customer_id = rescored_customers.customer_id
        and customer_metrics.period_end
        between rescored_customers.rescored_from and rescored_customers.rescored_until
