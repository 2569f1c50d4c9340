{#
    One value of a nested column, as text: `column` may be a record (STRUCT, MAP), JSON, or JSON
    written as text, as the same export comes by Parquet, by JSON lines and by CSV. NULL where the
    key is missing; nothing raises.
#}
{% macro nested_text(column, key) -%}
    {{ return(adapter.dispatch('nested_text', 'customer_engagement')(column, key)) }}
{%- endmacro %}

{% macro default__nested_text(column, key) -%}
    get_json_object({{ column }}, '$.{{ key }}')
{%- endmacro %}

{# typeof() is known when the query is bound, so a typed column pays nothing for the texts. #}
{% macro duckdb__nested_text(column, key) -%}
    json_extract_string(
    {{- customer_engagement.duckdb__nested_json(column) }}, '$."{{ key }}"')
{%- endmacro %}

{% macro duckdb__nested_json(column) -%}
    case when typeof({{ column }}) = 'VARCHAR' then try_cast(cast({{ column }} as varchar) as json)
    {{- ' ' -}} else to_json({{ column }}) end
{%- endmacro %}

{# The whole text of a nested column that is no JSON, so that its row can be set aside; else NULL. #}
{% macro unreadable_nested_text(column) -%}
    {{ return(adapter.dispatch('unreadable_nested_text', 'customer_engagement')(column)) }}
{%- endmacro %}

{% macro default__unreadable_nested_text(column) -%}
    cast(null as {{ dbt.type_string() }})
{%- endmacro %}

{% macro duckdb__unreadable_nested_text(column) -%}
    case when typeof({{ column }}) = 'VARCHAR'
    {{- ' ' -}} and try_cast(cast({{ column }} as varchar) as json) is null then
    {{- ' ' -}} {{ customer_engagement.as_text(column) | trim }} end
{%- endmacro %}
