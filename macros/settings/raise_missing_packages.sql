{#
    Post-hook of config_engagement__python_packages: stops the run when a Python package that it needs
    is missing. After `pip install dbt-duckdb` alone, all of them are.
#}
{% macro raise_missing_packages() -%}
    {%- if execute -%}
        {%- set needs = ['build', 'suggest'] if customer_engagement.is_suggesting() else ['build'] -%}
        {%- set missing = [] -%}
        {%- for row in run_query(
            'select package, needed_by from ' ~ this ~ ' where not is_installed order by package'
        ).rows if row[1] in needs -%}
            {%- do missing.append(row[0]) -%}
        {%- endfor -%}
        {%- if missing -%}
            {%- do exceptions.raise_compiler_error(
                'Python packages are missing, and nothing was scored: ' ~ missing | join(', ')
                ~ '. To fix it: pip install ' ~ missing | join(' ')
                ~ ' into the environment that dbt runs in (requirements-dev.lock has the versions that are tested).'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# Pre-hook of int_engagement__interaction_cells: comments are read with a library of their own. #}
{% macro raise_missing_comment_reader() -%}
    {%- if execute and run_query(
        'select count(*) from ' ~ ref('config_engagement__python_packages')
        ~ " where needed_by = 'comments' and not is_installed"
    ).columns[0].values()[0] -%}
        {%- if run_query(
            'select 1 from ' ~ ref('stg_engagement__survey_responses') ~ ' where comment is not null limit 1'
        ).rows | length -%}
            {%- do exceptions.raise_compiler_error(
                'The input survey_responses has comments (column comment), and nothing was scored: the metric '
                ~ 'sentiment reads them with the Python package textblob, which is missing. To fix it: pip install '
                ~ 'textblob, or do not map comment; where an entry of engagement_inputs has a column of that name, '
                ~ 'map it to nothing (comment: "null").'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
