{# The segment columns of a customer as one JSON object, in the order of the variable. #}
{% macro segments_as_json(relation) -%}
    {%- set parts = ["'{'"] -%}
    {%- for column in segment_columns() -%}
        {%- set value = "cast(" ~ relation ~ "." ~ adapter.quote(column) ~ " as " ~ dbt.type_string() ~ ")" -%}
        {%- do parts.append(
            "'" ~ ('' if loop.first else ', ') ~ '"' ~ column ~ '": ' ~ "'"
        ) -%}
        {%- do parts.append(
            "coalesce('\"' || replace(replace(" ~ value ~ ", '\\', '\\\\'), '\"', '\\\"') || '\"', 'null')"
        ) -%}
    {%- endfor -%}
    {%- do parts.append("'}'") -%}
    {{ dbt.concat(parts) }}
{%- endmacro %}
