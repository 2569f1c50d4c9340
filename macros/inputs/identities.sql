{#
    The statement about each id that holds: the latest, of equal ones the least customer id. A select
    of id and customer_id from a relation of statements (id, customer_id, valid_from, reject_reason).
#}
{% macro current_identities(relation) -%}
    select
        id,
        customer_id
    from (
        select
            id,
            customer_id,
            row_number() over (
                partition by id
                order by valid_from desc nulls last, customer_id asc
            ) as statement_number
        from {{ relation }}
        where reject_reason is null
    ) as statements
    where statement_number = 1
{%- endmacro %}
