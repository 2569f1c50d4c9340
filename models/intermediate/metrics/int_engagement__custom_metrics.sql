{{ config(pre_hook="{{ check_custom_metrics() }}") }}
{{ depends_on('int_engagement__customer_scope', 'int_engagement__scoring_periods') }}
{%- set metrics = custom_metrics().keys() | list -%}
{%- if not metrics -%}
select
    cast(null as {{ dbt.type_string() }}) as customer_id,
    cast(null as date) as period_end
where false
{%- else -%}
with customers as (

    select customer_id from {{ ref('int_engagement__customer_scope') }}

),

periods as (

    select period_end from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

{% for holder in custom_metric_models() -%}
rows_{{ loop.index }} as (

    {{ custom_metric_rows(holder) | indent(4) }}

),

{% endfor -%}
-- Of each metric's own model alone there is a value.
values_by_metric as (

    {% for holder in custom_metric_models() -%}
    select
        customer_id,
        period_end,
        {%- for metric in metrics %}
        {{ metric if metric in holder.metrics else 'cast(null as double) as ' ~ metric }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from rows_{{ loop.index }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

)

select
    values_by_metric.customer_id,
    values_by_metric.period_end,
    {%- for metric in metrics %}
    max(values_by_metric.{{ metric }}) as {{ metric }}{{ ',' if not loop.last }}
    {%- endfor %}
from values_by_metric
inner join customers
    on values_by_metric.customer_id = customers.customer_id
inner join periods
    on values_by_metric.period_end = periods.period_end
group by
    values_by_metric.customer_id,
    values_by_metric.period_end
{%- endif %}
