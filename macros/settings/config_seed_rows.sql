{#
    The rows of a configuration seed, typed as config_seed_specs says: a select. Besides each column
    it has `<column>_text`, the text as found; row_key, which names the row in messages; row_text,
    the whole row. A value that cannot be read is NULL here, and a problem of the seed.

    A user may have replaced the seed: every value is read as text first, whatever type the loader
    inferred, and a column that is absent is blank. check_seed_columns says which may be.
    `relation`: other rows of the same columns, such as those of the demo company.
#}
{% macro config_seed_rows(seed, relation=none) %}
    {%- set spec = customer_engagement.config_seed_specs()[seed] -%}
    {%- set relation = relation or ref(seed) -%}
    {%- set present = customer_engagement.seed_columns(seed, relation) -%}
    select
        *,
        {%- for column, rules in spec['columns'].items() %}
        {{ customer_engagement.config_value(column, rules) }} as {{ column }},
        {%- endfor %}
        {{ customer_engagement.config_row_text(spec['key']) }} as row_key,
        {{ customer_engagement.config_row_text(spec['columns']) }} as row_text
    from (
        select
            {%- for column in spec['columns'] %}
            {%- set found = column if column in present else 'null' %}
            nullif(trim(cast({{ found }} as {{ dbt.type_string() }})), '') as {{ column }}_text
            {{- "," if not loop.last }}
            {%- endfor %}
        from {{ relation }}
    ) as {{ seed }}_as_found
{% endmacro %}


{# A column's value out of its text: NULL where it cannot be read, the default where it is blank. #}
{% macro config_value(column, rules) -%}
    {%- set text = column ~ '_text' -%}
    {%- set type = rules.get('type', 'text') -%}
    {%- if type == 'number' -%}
        {%- set value = customer_engagement.read_number(text) -%}
    {%- elif type == 'integer' -%}
        {%- set value = customer_engagement.read_integer(text) -%}
    {%- elif type == 'date' -%}
        {%- set value = customer_engagement.read_date(text) -%}
    {%- else -%}
        {%- set value = text -%}
    {%- endif -%}
    {%- if 'default' in rules -%}
        case when {{ text }} is null then {{ rules['default'] }} else {{ value }} end
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}


{#
    A text as a number, an integer or a date; NULL for what a person would not write. An engine
    casts more: `1_000`, `inf`, `0x10`, `7.5` to an integer, `2025-01-01 10:00` to a date, `25-01-01`
    to the year 25. `5e-05` is how an engine writes a small number of a seed without column types.
#}
{% macro read_number(text) -%}
    case
            when {{ customer_engagement.matches(text, '^[+-]?([0-9]{1,12}([.][0-9]*)?|[.][0-9]+)(e-[0-9]{1,2})?$') }}
                then {{ customer_engagement.try_cast(text, 'double') }}
        end
{%- endmacro %}

{% macro read_integer(text) -%}
    case
            when {{ customer_engagement.matches(text, '^[+-]?[0-9]{1,9}([.]0*)?$') }}
                then cast({{ customer_engagement.try_cast(text, 'double') }} as {{ dbt.type_int() }})
        end
{%- endmacro %}

{% macro read_date(text) -%}
    case
            when {{ customer_engagement.matches(text, '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$') }}
                then {{ customer_engagement.try_cast(text, 'date') }}
        end
{%- endmacro %}


{# Data as a double; NULL for NaN and infinity (they compare as large) and beyond decimal(18, 6). #}
{% macro try_number(text) -%}
    {%- set number = customer_engagement.try_cast(text, 'double') -%}
    case when abs({{ number }}) < 1e12 then {{ number }} end
{%- endmacro %}


{# The value that scores 0 for a metric whose `lower` is blank. #}
{% macro config_default_lower(metric) -%}
    case {{ metric }}
    {%- for name, entry in customer_engagement.metric_catalog().items()
        if entry['default_lower'] != 0 %} when '{{ name }}' then {{ entry['default_lower'] }}
    {%- endfor %} else 0 end
{%- endmacro %}


{# `name=value, name=value` over the given columns. #}
{% macro config_row_text(columns) -%}
    {%- for column in columns -%}
        {{ "'" if loop.first else " || ', " }}{{ column }}=' ||
            {{- ' ' }}coalesce({{ column }}_text, '(blank)')
    {%- endfor -%}
{%- endmacro %}
