{#
    Microseconds since 1970-01-01 00:00 UTC as a timestamp in UTC. A JSON export writes the whole
    number in quotation marks, hence the cast.
#}
{% macro epoch_micros_to_timestamp(expression) -%}
    {{ return(adapter.dispatch('epoch_micros_to_timestamp', 'customer_engagement')(expression)) }}
{%- endmacro %}

{% macro default__epoch_micros_to_timestamp(expression) -%}
    timestamp_micros(cast({{ expression }} as bigint))
{%- endmacro %}

{% macro duckdb__epoch_micros_to_timestamp(expression) -%}
    make_timestamp(try_cast({{ expression }} as bigint))
{%- endmacro %}
