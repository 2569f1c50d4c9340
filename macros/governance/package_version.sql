{#
    The version of the package as in dbt_project.yml, which Jinja cannot read. One of the settings that
    a run compares, since a release may differ only in macros.
#}
{% macro package_version() -%}
    {{ return('0.1.0') }}
{%- endmacro %}
