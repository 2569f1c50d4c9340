{%- set models = point_models() -%}
with customer_periods as (

    select * from {{ ref('int_customer_periods') }}

),

period_points as (

    select * from {{ ref('int_period_points') }}

),

{% for model in models -%}
{%- set model_number = loop.index -%}
-- {{ model.score_model }}, version {{ model.version }}: one column for each half-life
periods_{{ model_number }} as (

    select
        customer_id,
        period_index,
        {%- for half_life in model.half_lives %}
        {%- for side in ['positive', 'negative'] %}
        sum(
            case
                when half_life_days {{ 'is null' if half_life is none else '= ' ~ half_life }}
                    then {{ side }}_points
            end
        ) as {{ side }}_{{ model.half_lives.index(half_life) + 1 }},
        {%- endfor %}
        {%- endfor %}
        1 as is_present
    from period_points
    where score_model = '{{ model.score_model }}' and version = '{{ model.version }}'
    group by
        customer_id,
        period_index

),

windows_{{ model_number }} as (

    select
        customer_periods.customer_id,
        '{{ model.score_model }}' as score_model,
        '{{ model.version }}' as version,
        customer_periods.period_index,
        customer_periods.period_end,
        customer_periods.is_scored,
        {%- for side in ['positive', 'negative'] %}
        {%- for half_life in model.half_lives %}
        {%- set column = side ~ '_' ~ (model.half_lives.index(half_life) + 1) %}
        {{ '+ ' if not loop.first -}}
        {%- if half_life is none -%}
        coalesce(cast(sum({{ column }}) over in_window as double), 0)
        {%- else -%}
        {{ decayed_window_sum(column, model.window_periods, half_life, 'by_period') }}
        {%- endif -%}
        {%- endfor %}
            as {{ side }}_points{{ ',' if not loop.last }}
        {%- endfor %}
    from customer_periods
    left join periods_{{ model_number }}
        on
            customer_periods.customer_id = periods_{{ model_number }}.customer_id
            and customer_periods.period_index = periods_{{ model_number }}.period_index
    window
        by_period as (
            partition by customer_periods.customer_id order by customer_periods.period_index
        ),
        in_window as (
            partition by customer_periods.customer_id order by customer_periods.period_index
            rows between {{ model.window_periods - 1 }} preceding and current row
        )

),

{% endfor -%}
windows as (

    {% for model in models -%}
    select * from windows_{{ loop.index }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% else -%}
    select
        customer_id,
        cast(null as {{ dbt.type_string() }}) as score_model,
        cast(null as {{ dbt.type_string() }}) as version,
        period_index,
        period_end,
        is_scored,
        cast(null as double) as positive_points,
        cast(null as double) as negative_points
    from customer_periods
    where false
    {% endfor %}

)

select
    customer_id,
    score_model,
    version,
    period_index,
    period_end,
    positive_points,
    negative_points,
    {{ points_standing('positive_points', 'negative_points') }} as points
from windows
where is_scored
