{#
    What engagement_restatements needs beyond SQL: it compares the scores that stand with those that
    are about to take their place, and forgets who must not be kept.
#}

{#
    A select of the ids, one column `id`, under which people who must not be kept may have been
    stored: their own, and those that are merged into them.
#}
{% macro excluded_ids() %}
    select customer_id as id
    from {{ ref('int_engagement__excluded_customers') }}

    union

    select identity_map.id
    from {{ ref('int_engagement__identity_map') }} as identity_map
    inner join {{ ref('int_engagement__excluded_customers') }} as excluded_customers
        on identity_map.customer_id = excluded_customers.customer_id
{% endmacro %}


{#
    Post-hook of engagement_restatements, inside its transaction: removes from a relation whoever
    must not be kept. Nothing is done where there is none yet.
#}
{% macro forget_excluded_customers(relation) %}
    {%- if execute and relation is not none %}
    delete from {{ relation }}
    where customer_id in (
        select id from ({{ customer_engagement.excluded_ids() }}) as excluded_ids
    )
    {%- endif %}
{% endmacro %}
