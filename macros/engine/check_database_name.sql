{#
    Stops the parse where the name of the database cannot be written in SQL: dbt's own queries would stop
    later, with a syntax error.
#}
{% macro check_database_name() -%}
    {{ return(adapter.dispatch('check_database_name', 'customer_engagement')()) }}
{%- endmacro %}

{% macro default__check_database_name() -%}
{%- endmacro %}

{# The database has the name of its file. #}
{% macro duckdb__check_database_name() -%}
    {%- if "'" in target.database or '"' in target.database -%}
        {%- do exceptions.raise_compiler_error(
            'The DuckDB file ' ~ target.path ~ ' has a quotation mark in its name, which is the name of the database '
            ~ 'in every query. Accepted: letters, digits, _ and -, such as customer_engagement.duckdb; its folder can '
            ~ 'have any name. The name comes from ENGAGEMENT_DUCKDB_PATH, or from the path in profiles.yml.'
        ) -%}
    {%- endif -%}
{%- endmacro %}
