{#
    Whose row it is and whether it counts: the joins of an input with the CTEs identity_map and
    excluded_customers. Exclusion looks at the id as it was given: those lists hold every id of a person.
#}
{% macro join_identities(rows) -%}
left join identity_map
        on {{ rows }}.customer_id = identity_map.id
    left join excluded_customers
        on {{ rows }}.customer_id = excluded_customers.id
{%- endmacro %}

{# The customer of a row, after identities are merged. #}
{% macro merged_customer_id(rows) -%}
coalesce(identity_map.customer_id, {{ rows }}.customer_id)
{%- endmacro %}
