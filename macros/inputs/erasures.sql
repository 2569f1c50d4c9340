{#
    Pre-hook of int_engagement__erased_ids: ends the erasures that a customers row takes back. A row
    takes an erasure back when it says `is_erased: false` explicitly about the id that was stated, and no other row says the opposite. The log names the entries and the number of people,
    and no id.
#}
{% macro lift_erasures() -%}
    {%- if is_incremental() -%}
        {%- set lifted = customer_engagement.lifted_ids(this) -%}
        {%- if execute -%}
            {%- set found = run_query(
                'select input_entry, count(distinct customer_id) from ' ~ ref('stg_engagement__customers')
                ~ ' where is_not_erased and customer_id in (' ~ lifted ~ ') group by 1 order by 1'
            ).rows -%}
            {%- for row in found -%}
                {%- do exceptions.warn(
                    'engagement_inputs.customers (' ~ row[0] ~ '): is_erased is false for ' ~ row[1]
                    ~ (' person who was' if row[1] == 1 else ' people who were')
                    ~ ' erased before, so their rows count again from this run on. If that is not meant: '
                    ~ 'set is_erased to true in that entry, or leave it blank, and build again.'
                ) -%}
            {%- endfor -%}
        {%- endif %}
        delete from {{ this }}
        where stated_id in ({{ lifted }})
    {%- endif -%}
{%- endmacro %}

{# The stated ids of erasures that are taken back: a select. #}
{% macro lifted_ids(erased_ids) -%}
    select customer_id
    from {{ ref('stg_engagement__customers') }}
    where customer_id in (select stated_id from {{ erased_ids }})
    group by customer_id
    having max(case when is_not_erased then 1 else 0 end) = 1
        and max(case when is_erased then 1 else 0 end) = 0
{%- endmacro %}
