{# Stops the run when a configuration seed lacks a column that is required, or has an unknown one. #}
{% macro check_seed_columns(seeds) %}
    {%- for seed in seeds -%}
        {%- set columns = customer_engagement.accepted_seed_columns(seed) -%}
        {%- set present = customer_engagement.seed_columns(seed, ref(seed)) -%}
        {%- set faults = [] -%}
        {%- set optional = [] -%}
        {%- for column, rules in columns.items() -%}
            {%- if not rules.get('required') -%}
                {%- do optional.append(column) -%}
            {%- elif column not in present -%}
                {%- do faults.append('the column "' ~ column ~ '" is missing') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for column in present if column not in columns -%}
            {%- do faults.append('the column "' ~ column ~ '" is not known') -%}
        {%- endfor -%}
        {%- if faults -%}
            {%- do exceptions.raise_compiler_error(
                'The seed ' ~ seed ~ ' has the wrong columns, and nothing was scored: '
                ~ faults | join('; ') ~ '.\n'
                ~ 'Accepted columns: ' ~ columns.keys() | join(', ') ~ '.\n'
                ~ 'Of these may be left out: ' ~ optional | join(', ') ~ '.\n'
                ~ 'Fix the header of ' ~ seed ~ '.csv and run dbt build again.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#
    The columns of a seed in the database, in lower case; all accepted ones where nothing is known:
    while parsing, compiling before the seeds are loaded, or over a unit test's rows.
#}
{% macro seed_columns(seed, relation) %}
    {%- set present = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do present.append(column.name | lower) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(present or customer_engagement.accepted_seed_columns(seed).keys() | list) }}
{% endmacro %}


{# Any seed may give its reasons; an override must. #}
{% macro accepted_seed_columns(seed) %}
    {%- set columns = customer_engagement.config_seed_specs()[seed]['columns'] -%}
    {%- do columns.setdefault('reason', {}) -%}
    {{ return(columns) }}
{% endmacro %}
