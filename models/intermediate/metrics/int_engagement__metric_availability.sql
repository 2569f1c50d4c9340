{%- set metrics = metric_catalog().keys() | list -%}
with customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

-- Whether anybody has a value in a period. Points are 0 for whoever has none.
periods as (

    select
        {%- for metric in metrics %}
        {%- if metric == 'decayed_points' %}
        true as {{ metric }},
        {%- else %}
        count({{ metric }}) > 0 as {{ metric }},
        {%- endif %}
        {%- endfor %}
        window_periods,
        period_index,
        period_end
    from customer_metrics
    group by
        window_periods,
        period_index,
        period_end

),

available_periods as (

    {% for metric in metrics -%}
    select
        window_periods,
        '{{ metric }}' as metric,
        period_index,
        period_end
    from periods
    where {{ metric }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- Periods in an unbroken run have the same distance from their number in order.
available_periods_numbered as (

    select
        *,
        period_index - row_number() over (
            partition by window_periods, metric order by period_index
        ) as run_key
    from available_periods

)

select
    window_periods,
    metric,
    min(period_end) as available_from,
    max(period_end) as available_until
from available_periods_numbered
group by
    window_periods,
    metric,
    run_key
