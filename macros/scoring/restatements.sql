{#
    What engagement_restatements needs beyond SQL: it compares the scores that stand with those that
    are about to take their place, and forgets who must not be kept.
#}

{#
    Post-hook of engagement_restatements, inside its transaction: removes from a relation whoever
    must not be kept. Nothing is done where there is none yet.
#}
{% macro forget_excluded_customers(relation) %}
    {%- if execute and relation is not none %}
    delete from {{ relation }}
    where customer_id in (select id from {{ ref('int_engagement__excluded_customers') }})
    {%- endif %}
{% endmacro %}
