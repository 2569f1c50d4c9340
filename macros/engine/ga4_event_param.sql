{#
    The value of one parameter of a GA4 event, as text: the repeated record `event_params` searched
    by key. `field` is the member of its value that holds it: string_value, int_value, float_value
    or double_value. NULL where the event has no such parameter.
#}
{% macro ga4_event_param(column, key, field) -%}
    {{ return(adapter.dispatch('ga4_event_param', 'customer_engagement')(column, key, field)) }}
{%- endmacro %}

{# get() and not [0]: in ANSI mode Spark fails on the index of an empty array. #}
{% macro default__ga4_event_param(column, key, field) -%}
    cast(get(filter({{ column }}, param -> param.key = '{{ key }}'), 0).value.{{ field }} as string)
{%- endmacro %}

{# The parameters may be records, JSON, or JSON written as text: all are cast to the same records. #}
{% macro duckdb__ga4_event_param(column, key, field) -%}
    {%- set values = ['string_value', 'int_value', 'float_value', 'double_value'] -%}
    {%- set records =
        'struct(key varchar, value struct(' ~ values | join(' varchar, ') ~ ' varchar))[]' -%}
    {%- set as_text = 'cast(' ~ column ~ ' as varchar)' -%}
    {%- set params = "case when typeof(" ~ column ~ ") = 'VARCHAR' then try_cast(try_cast("
        ~ as_text ~ " as json) as " ~ records ~ ") else try_cast(" ~ column ~ " as " ~ records
        ~ ") end" -%}
    list_extract([param.value.{{ field }} for param in {{ params }} if param.key = '{{ key }}'], 1)
{%- endmacro %}
