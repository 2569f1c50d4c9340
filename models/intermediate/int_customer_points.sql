{%- set models = point_models() -%}
with customer_periods as (

    select * from {{ ref('int_customer_periods') }}

),

period_points as (

    select * from {{ ref('int_period_points') }}

),

{% for model in models -%}
{%- set model_number = loop.index -%}
{%- set sides = {'positive': [], 'negative': []} -%}
-- {{ model.score_model }}, version {{ model.version }}: two columns for each half-life
periods_{{ model_number }} as (

    select
        {%- for half_life in model.half_lives %}
        {%- set half_life_number = loop.index %}
        {%- set is_half_life = 'is null' if half_life is none else '= ' ~ half_life %}
        {%- for side in sides %}
        sum(case when half_life_days {{ is_half_life }} then {{ side }}_points end)
            as {{ side }}_{{ half_life_number }},
        {%- do sides[side].append(side ~ '_' ~ half_life_number) %}
        {%- endfor %}
        {%- endfor %}
        customer_id,
        period_index
    from period_points
    where
        score_model = {{ text_literal(model.score_model) }}
        and version = {{ text_literal(model.version) }}
    group by
        customer_id,
        period_index

),

windows_{{ model_number }} as (

    select
        {%- for half_life in model.half_lives %}
        {%- for side in sides %}
        {%- set column = sides[side][model.half_lives.index(half_life)] %}
        {{ decayed_window_sum(column, model.window_periods, half_life) }}
            as {{ column }},
        {%- endfor %}
        {%- endfor %}
        customer_periods.customer_id,
        customer_periods.period_index,
        customer_periods.period_end,
        customer_periods.is_scored
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

points_{{ model_number }} as (

    select
        customer_id,
        {{ text_literal(model.score_model) }} as score_model,
        {{ text_literal(model.version) }} as version,
        period_index,
        period_end,
        {{ sides.positive | join(' + ') }} as positive_points,
        {{ sides.negative | join(' + ') }} as negative_points
    from windows_{{ model_number }}
    where is_scored

),

{% endfor -%}
points as (

    {% for model in models -%}
    select * from points_{{ loop.index }}
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
        cast(null as double) as positive_points,
        cast(null as double) as negative_points
    from customer_periods
    where false
    {% endfor %}

)

select
    *,
    {{ points_standing('positive_points', 'negative_points') }} as points
from points
