{# One top-level value of a JSON text, as text; NULL where the key is missing. #}
{% macro json_text(expression, key) -%}
    {{ return(adapter.dispatch('json_text', 'customer_engagement')(expression, key)) }}
{%- endmacro %}

{% macro default__json_text(expression, key) -%}
    get_json_object({{ expression }}, '$.{{ key }}')
{%- endmacro %}

{% macro duckdb__json_text(expression, key) -%}
    json_extract_string({{ expression }}, '$."{{ key }}"')
{%- endmacro %}
