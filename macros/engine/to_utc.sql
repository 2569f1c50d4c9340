{#
    An expression of any type as a naive timestamp in UTC; NULL where it cannot be read.

    A value with a zone or an offset is converted, one without is taken as UTC. A plain cast will not
    do: DuckDB drops the offset of '10:00+02:00', and reads a zoned value in the session's own zone.
#}
{% macro to_utc(expression) -%}
    {{ return(adapter.dispatch('to_utc', 'customer_engagement')(expression)) }}
{%- endmacro %}

{% macro default__to_utc(expression) -%}
    {{ customer_engagement.try_cast(expression, 'timestamp') }}
{%- endmacro %}

{# Endless times, which DuckDB has, cannot be counted with. #}
{% macro duckdb__to_utc(expression) -%}
    nullif(nullif(
        case
            when typeof({{ expression }}) = 'TIMESTAMP WITH TIME ZONE'
                or (
                    typeof({{ expression }}) = 'VARCHAR'
                    and regexp_matches(
                        cast({{ expression }} as varchar), '[0-9]:[0-9]{2}.*[A-Za-z+-]'
                    )
                )
                then timezone('UTC', try_cast({{ expression }} as timestamptz))
            else try_cast({{ expression }} as timestamp)
        end,
        timestamp 'infinity'), timestamp '-infinity'
    )
{%- endmacro %}
