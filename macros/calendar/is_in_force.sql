{#
    Whether a row with valid_from and valid_until (exclusive; NULL: open) holds on a day. Two plain
    comparisons: an outer join on anything else compares all rows with all.
#}
{% macro is_in_force(relation, day) -%}
    coalesce({{ relation }}.valid_from, {{ customer_engagement.first_date() }}) <= {{ day }}
            and coalesce({{ relation }}.valid_until, {{ customer_engagement.last_date() }}) > {{ day }}
{%- endmacro %}
