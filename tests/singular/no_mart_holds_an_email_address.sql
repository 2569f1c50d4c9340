-- Unless the variable allow_personal_data lists email. To fix it see docs/governance.md: map a
-- hash of the address as the id, or allow it. Ids are looked at before anything is scored, too.
-- Found addresses are counted and not shown, as logs are read by many.
{{ config(enabled='email' not in var('allow_personal_data', [])) }}
{%- set searched = columns_that_could_hold_an_email() -%}
with found as (

    {% for model, columns in searched.items() -%}
    {% for column in columns -%}
    select
        '{{ model }}' as model_name,
        '{{ column }}' as column_name,
        count(distinct {{ column }}) as values_with_an_address
    from {{ ref(model) }}
    where {{ has_email_address(column) }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor -%}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

)

select * from found
where values_with_an_address > 0
