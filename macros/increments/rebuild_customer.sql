{#
    The customer that a run is asked to compute again, as the hash of an id. `rebuild_customer` is the id
    itself; the command passes its hash, `rebuild_customer_hash`, since variables stay in logs and artifacts.
#}
{% macro rebuild_customer_hash() -%}
    {%- set id = var('rebuild_customer', none) -%}
    {{ return(var('rebuild_customer_hash', none) if id is none else local_md5(id | string)) }}
{%- endmacro %}

{# Runs before anything is built: without a customer of that id nothing would be computed, and nothing said. #}
{% macro check_rebuild_customer() -%}
    {%- set asked = customer_engagement.rebuild_customer_hash() -%}
    {%- set customers = customer_engagement.stored_relation('int_engagement__customer_scope') -%}
    {%- set identities = customer_engagement.stored_relation('int_engagement__identity_map') -%}
    {%- if execute and asked is not none and customers is not none and identities is not none -%}
        {%- set found = run_query(
            'select count(*) from (select customer_id as id from ' ~ customers ~ ' union all select id from '
            ~ identities ~ ') as ids where ' ~ dbt.hash('id') ~ ' = ' ~ customer_engagement.text_literal(asked)
        ).rows[0][0] -%}
        {%- if found == 0 -%}
            {%- do exceptions.raise_compiler_error(
                "The customer to rebuild is in no input: neither a customer nor another id of one. "
                ~ 'Accepted: a customer_id of the mart customer_engagement, or an id of the input identities, '
                ~ 'spelled as there. A customer who is new in the inputs is scored by a plain build. '
                ~ 'Nothing was built.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
