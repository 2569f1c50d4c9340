{#
    The value of one parameter of a GA4 event: the repeated record `event_params` searched by key.
    `field` is the member of its value that holds it: string_value, int_value, float_value or
    double_value. NULL where the event has no such parameter.
#}
{% macro ga4_event_param(key, field) -%}
    {{ return(adapter.dispatch('ga4_event_param', 'customer_engagement')(key, field)) }}
{%- endmacro %}

{# get() and not [0]: in ANSI mode Spark fails on the index of an empty array. #}
{% macro default__ga4_event_param(key, field) -%}
    get(filter(event_params, param -> param.key = '{{ key }}'), 0).value.{{ field }}
{%- endmacro %}

{% macro duckdb__ga4_event_param(key, field) -%}
    list_extract([param.value.{{ field }} for param in event_params if param.key = '{{ key }}'], 1)
{%- endmacro %}
