{# The day of a UTC timestamp in the variable `reporting_timezone`. #}
{% macro to_local_date(utc_timestamp) -%}
    {%- set timezone = var('reporting_timezone', 'UTC') -%}
    {%- if timezone == 'UTC' -%}
        cast({{ utc_timestamp }} as date)
    {%- else -%}
        {{ adapter.dispatch('to_local_date', 'customer_engagement')(utc_timestamp, timezone) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__to_local_date(utc_timestamp, timezone) -%}
    cast(from_utc_timestamp({{ utc_timestamp }}, '{{ timezone }}') as date)
{%- endmacro %}

{% macro duckdb__to_local_date(utc_timestamp, timezone) -%}
    cast(timezone('{{ timezone }}', timezone('UTC', {{ utc_timestamp }})) as date)
{%- endmacro %}
