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

{# An endless time, which DuckDB has, is no time: no calendar reaches it. #}
{% macro duckdb__to_utc(expression) -%}
    case
        when isfinite(try_cast({{ expression }} as timestamp)) is false then null
        when typeof({{ expression }}) = 'TIMESTAMP WITH TIME ZONE'
            or (
                typeof({{ expression }}) = 'VARCHAR'
                and regexp_matches(cast({{ expression }} as varchar), '[0-9]:[0-9]{2}.*[A-Za-z+-]')
            )
            then timezone('UTC', try_cast({{ expression }} as timestamptz))
        else try_cast({{ expression }} as timestamp)
    end
{%- endmacro %}
