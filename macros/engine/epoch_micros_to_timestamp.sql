{# Microseconds since 1970-01-01 00:00 UTC as a timestamp in UTC; NULL where no calendar reaches. #}
{% macro epoch_micros_to_timestamp(expression) -%}
    {{ return(adapter.dispatch('epoch_micros_to_timestamp', 'customer_engagement')(expression)) }}
{%- endmacro %}

{% macro default__epoch_micros_to_timestamp(expression) -%}
    timestamp_micros({{ expression }})
{%- endmacro %}

{# A number that is out of range stops a query instead of being NULL, without try(). #}
{% macro duckdb__epoch_micros_to_timestamp(expression) -%}
    try(make_timestamp({{ expression }}))
{%- endmacro %}
