{# The table engagement_restatements as the last run left it; none before the first run. #}
{% macro restatements_log() -%}
    {{ return(customer_engagement.stored_relation('engagement_restatements')) }}
{%- endmacro %}

{#
    Post-hook of engagement_restatements, inside its transaction: deletes from a relation everybody
    who must not be kept. Does nothing while there is no such relation.
#}
{% macro forget_excluded_customers(relation) %}
    {%- if execute and relation is not none %}
    delete from {{ relation }}
    where customer_id in (select id from {{ ref('int_engagement__excluded_customers') }})
    {%- endif %}
{% endmacro %}
