{#
    An expression of any type as a naive timestamp in UTC; NULL where it cannot be read.

    A value with a zone or an offset is converted, one without is taken as UTC. A text is read as
    year-month-day, with four digits of the year, and a time of day with or without seconds; the
    offset may follow a blank, and needs no colon (Shopify writes `2025-03-03 10:14:00 -0400`).
#}
{% macro to_utc(expression) -%}
    {{ return(adapter.dispatch('to_utc', 'customer_engagement')(expression)) }}
{%- endmacro %}

{% macro default__to_utc(expression) -%}
    {{ customer_engagement.try_cast(expression, 'timestamp') }}
{%- endmacro %}

{#
    A plain cast will not do: DuckDB drops the offset of '10:00+02:00', reads no offset after a blank,
    takes 25-03-03 for the year 25 and +25:00 for an offset, and reads a zoned value in the session's
    own zone. An endless time, which it has, is no time: no calendar reaches it.
#}
{% macro duckdb__to_utc(expression) -%}
    {%- set text = customer_engagement.trimmed('cast(' ~ expression ~ ' as varchar)') -%}
    {%- set day = '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}' -%}
    {%- set minutes = day ~ '[T ] *[0-9]{1,2}:[0-9]{2}' -%}
    {%- set seconds = '(:[0-9]{2}([.][0-9]+)?)?' -%}
    {%- set offset = '[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?' -%}
    {%- set zone = '[A-Za-z][A-Za-z0-9_/+-]*' -%}
    case
        when typeof({{ expression }}) = 'TIMESTAMP WITH TIME ZONE'
            then case
                when isfinite(try_cast({{ expression }} as timestamptz))
                    then timezone('UTC', try_cast({{ expression }} as timestamptz))
            end
        when typeof({{ expression }}) != 'VARCHAR'
            then case
                when isfinite(try_cast({{ expression }} as timestamp)) then try_cast({{ expression }} as timestamp)
            end
        when regexp_full_match({{ text }}, '{{ day }}|{{ minutes }}{{ seconds }}')
            then try_cast({{ text }} as timestamp)
        when regexp_full_match({{ text }}, '{{ minutes }}{{ seconds }} *({{ offset }}|{{ zone }})')
            then timezone('UTC', try_cast(
                regexp_replace(
                    regexp_replace(
                        regexp_replace({{ text }}, '^([^:]*:[0-9]{2})([^:0-9])', '\1:00\2'),
                        ' *([+-][0-9]{2})$', '\1'
                    ),
                    ' *([+-][0-9]{2}):?([0-9]{2})$', '\1:\2'
                ) as timestamptz
            ))
    end
{%- endmacro %}
