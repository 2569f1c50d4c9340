{# Whether a row with valid_from and valid_until (exclusive; NULL: open) holds on a day. #}
{% macro is_in_force(relation, day) -%}
    coalesce({{ relation }}.valid_from, {{ day }}) <= {{ day }}
            and ({{ relation }}.valid_until is null or {{ relation }}.valid_until > {{ day }})
{%- endmacro %}
