{# A select with one row, `day`, for each date from the first to the last, inclusive. #}
{% macro date_series(first_day, last_day, from) -%}
    {{ return(adapter.dispatch('date_series', 'customer_engagement')(first_day, last_day, from)) }}
{%- endmacro %}

{% macro default__date_series(first_day, last_day, from) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as day
    from {{ from }}
{%- endmacro %}

{% macro duckdb__date_series(first_day, last_day, from) -%}
    select cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date) as day
    from {{ from }}
{%- endmacro %}
