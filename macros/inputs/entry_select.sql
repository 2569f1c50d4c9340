{#
    One entry as a select of typed canonical columns: ids and text trimmed (blank is missing), times
    in UTC, numbers as exact decimals, flags as booleans. What cannot be read, or lies beyond what can
    be added up, becomes NULL and is kept in `unreadable_column` and `unreadable_text`, so that the row
    can be set aside with its reason; `is_out_of_range` marks the second.

    Each expression is written once, in the inner select, as reading a value names it dozens of times.
    The comment before it is for the engine's error messages: they quote the line.
#}
{% macro entry_select(input, entry) -%}
    {%- set canonical = customer_engagement.canonical_inputs()[input] -%}
    {%- set kinds = {} -%}
    {%- do kinds.update(canonical.required) -%}
    {%- do kinds.update(canonical.optional) -%}
    {%- set expressions = customer_engagement.entry_columns(input, entry) -%}
    {%- set relation = customer_engagement.entry_relation(entry) -%}
    {%- set comment = '/* ' ~ entry.where_set | replace('/*', '/ *') | replace('*/', '* /') -%}
    {%- set flags = [] -%}
    {%- set others = [] -%}
    select
        cast({{ customer_engagement.text_literal(entry.label) }} as {{ dbt.type_string() }}) as input_entry,
        {%- for column, kind in kinds.items() %}
        {%- if column in expressions %}
        {{ customer_engagement.read_as(kind, 'mapped.' ~ column) }} as {{ column }},
        {#- Flags first: an erasure must be known whatever else cannot be read. -#}
        {%- if kind == 'flag' -%}{%- do flags.append(column) -%}{%- endif -%}
        {%- if kind in ['time', 'number'] -%}{%- do others.append(column) -%}{%- endif -%}
        {%- else %}
        cast(null as {{ customer_engagement.type_of(kind) }}) as {{ column }},
        {%- endif %}
        {%- endfor %}
        {%- set fallible = flags + others %}
        {%- for name, type in customer_engagement.columns_of_faults().items() %}
        {%- if fallible %}
        case
            {%- for column in fallible %}
            {%- set expression = 'mapped.' ~ column %}
            when {{ customer_engagement.as_text(expression) }} is not null
                and {{ customer_engagement.read_as(kinds[column], expression) }} is null
                then {% if name == 'unreadable_column' -%}
                    '{{ column }}'
                {%- elif name == 'unreadable_text' -%}
                    {{ customer_engagement.as_text(expression) }}
                {%- else -%}
                    {{ customer_engagement.is_beyond(kinds[column], expression) }}
                {%- endif %}
            {%- endfor %}
        end as {{ name }}{{ ',' if not loop.last }}
        {%- else %}
        cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endif %}
        {%- endfor %}
    from (
        select
            {%- for column, expression in expressions.items() %}
            {{ comment }}: {{ column }} */ ({{ expression }}) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }} as entry
        {%- if entry.where %}
        where {{ comment }}: where */ {{ entry.where }}
        {%- endif %}
    ) as mapped
{%- endmacro %}

{# All entries of an input, unioned; without an entry, no row. #}
{% macro union_entries(input) -%}
    {%- set entries = customer_engagement.input_entries(input) -%}
    {%- for entry in entries %}
    {{ customer_engagement.entry_select(input, entry) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not entries %}
    {%- set canonical = customer_engagement.canonical_inputs()[input] %}
    {%- set kinds = {} -%}
    {%- do kinds.update(canonical.required) -%}
    {%- do kinds.update(canonical.optional) %}
    select
        cast(null as {{ dbt.type_string() }}) as input_entry,
        {%- for column, kind in kinds.items() %}
        cast(null as {{ customer_engagement.type_of(kind) }}) as {{ column }},
        {%- endfor %}
        {%- for column, type in customer_engagement.columns_of_faults().items() %}
        cast(null as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where false
    {%- endif %}
{%- endmacro %}
