{# Whether a text has a part that fits a regular expression, which may be anchored; NULL for NULL. #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'customer_engagement')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}
