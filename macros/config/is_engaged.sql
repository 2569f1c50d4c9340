{# Whether an interaction is activity of the customer: one of a type not in the seed is. #}
{% macro is_engaged(activity_types) -%}
    coalesce({{ activity_types }}.is_engaged, true)
{%- endmacro %}
