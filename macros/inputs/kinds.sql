{#
    The kinds of canonical columns: how a value of each is typed, read and bounded. See
    canonical_inputs for which column is of which kind.
#}

{# The SQL type of a kind. Decimals, because sums must repeat to the last digit. #}
{% macro type_of(kind) -%}
    {{ return({
        'id': dbt.type_string(),
        'text': dbt.type_string(),
        'time': dbt.type_timestamp(),
        'number': 'decimal(18, 4)',
        'flag': dbt.type_boolean(),
    }[kind]) }}
{%- endmacro %}

{# What a row says of the value in it that could not be taken: column name -> SQL type. #}
{% macro columns_of_faults() -%}
    {{ return({
        'unreadable_column': dbt.type_string(),
        'unreadable_text': dbt.type_string(),
        'is_out_of_range': dbt.type_boolean(),
    }) }}
{%- endmacro %}

{#
    Numbers lie between plus and minus this: a trillion. Sums of a hundred million such values still
    fit the narrowest type in which anything is added up, decimal(38, 16).
#}
{% macro largest_number() -%} 1000000000000 {%- endmacro %}

{# Times lie between these days: beyond them calendars, and engines that count nanoseconds, end. #}
{% macro earliest_time() -%} timestamp '1900-01-01 00:00:00' {%- endmacro %}
{% macro latest_time() -%} timestamp '2199-12-31 23:59:59.999999' {%- endmacro %}

{#
    The text of a value; NULL where it is blank or one of the words that databases export for NULL
    (mysqldump and Hive write backslash-N).
#}
{% macro as_text(expression) -%}
    {%- set text = customer_engagement.trimmed('cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ ')') | trim -%}
    case when {{ text }} not in ('', 'NULL', 'null', chr(92) || 'N') then {{ text }} end
{%- endmacro %}

{# An expression read as a kind; NULL where it cannot be, or lies beyond the bounds. #}
{% macro read_as(kind, expression) -%}
    {%- if kind in ['id', 'text'] -%}
        {{ customer_engagement.as_text(expression) }}
    {%- elif kind == 'flag' -%}
        {{ customer_engagement.try_cast(expression, customer_engagement.type_of(kind)) }}
    {%- else -%}
        {%- set value = customer_engagement.read_unbounded(kind, expression) -%}
        case when {{ customer_engagement.is_within(kind, value) }} then {{ value }} end
    {%- endif -%}
{%- endmacro %}

{% macro read_unbounded(kind, expression) -%}
    {%- if kind == 'time' -%}
        {{ customer_engagement.to_utc(expression) | trim }}
    {%- else -%}
        {{ customer_engagement.try_cast(expression, customer_engagement.type_of(kind)) }}
    {%- endif -%}
{%- endmacro %}

{% macro is_within(kind, value) -%}
    {%- if kind == 'time' -%}
        {{ value }} between {{ customer_engagement.earliest_time() }} and {{ customer_engagement.latest_time() }}
    {%- else -%}
        abs({{ value }}) < {{ customer_engagement.largest_number() }}
    {%- endif -%}
{%- endmacro %}

{# Whether a value can be read and lies beyond the bounds of its kind. #}
{% macro is_beyond(kind, expression) -%}
    {%- if kind == 'time' -%}
        {{ customer_engagement.read_unbounded(kind, expression) }} is not null
    {%- elif kind == 'number' -%}
        coalesce(
            abs({{ customer_engagement.try_cast(expression, 'double') }})
            between {{ customer_engagement.largest_number() }} and 1.7e308,
            false
        )
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
