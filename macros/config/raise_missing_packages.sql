{#
    Post-hook of config_engagement__python_packages: stops the run when a Python package is missing that
    this run needs. After `pip install dbt-duckdb` alone there is none of them.
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
                ~ ' into the environment that dbt runs in (requirements.lock has the versions that are tested).'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
