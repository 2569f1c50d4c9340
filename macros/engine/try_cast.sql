{# A cast that yields NULL where the value does not fit: on DuckDB `dbt.safe_cast` raises. #}
{% macro try_cast(expression, type) %}
    {{- return(adapter.dispatch('try_cast', 'customer_engagement')(expression, type)) -}}
{% endmacro %}

{% macro default__try_cast(expression, type) -%}
    {{ dbt.safe_cast(expression, type) }}
{%- endmacro %}

{% macro duckdb__try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}
