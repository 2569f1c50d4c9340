{%- set metrics = metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
with customer_metrics as (

    select * from {{ ref('int_customer_metrics') }}

),

-- Since when each metric has a value for anybody: until then it is off.
firsts as (

    select
        {%- for metric in metrics %}
        min(case when {{ metric }} is not null then period_end end) as {{ metric }},
        {%- endfor %}
        window_periods
    from customer_metrics
    group by window_periods

),

final as (

    {% for metric in metrics -%}
    select
        window_periods,
        '{{ metric }}' as metric,
        {{ metric }} as available_from
    from firsts
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

)

select * from final
