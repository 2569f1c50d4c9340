{#
    One hash over several columns. The text that is hashed is one-to-one with the values: each stands
    behind its length, so that no value can look like the end of another, and NULL is not blank.
#}
{% macro content_hash(columns, relation) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- set text = "cast(" ~ relation ~ "." ~ column ~ " as " ~ dbt.type_string() ~ ")" -%}
        {%- do parts.append(
            "coalesce(" ~ dbt.concat([
                "cast(length(" ~ text ~ ") as " ~ dbt.type_string() ~ ")", "':'", text,
            ]) ~ ", '~')"
        ) -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}
