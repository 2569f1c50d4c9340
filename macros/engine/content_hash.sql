{# One hash over several columns, NULLs told apart from blanks. #}
{% macro content_hash(columns, relation) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append(
            "coalesce(cast(" ~ relation ~ "." ~ column ~ " as " ~ dbt.type_string() ~ "), '~')"
        ) -%}
        {%- do parts.append("'|'") if not loop.last -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}
