{{ config(post_hook="{{ customer_engagement.raise_lost_input() }}") }}
{{ depends_on('int_engagement__settled_input_rows') }}
{%- set counted_only = "('" ~ counted_only_reasons() | join("', '") ~ "')" -%}
with cells as (

    select * from {{ ref('int_engagement__interaction_cells') }}

),

-- The rows of an erased person are not lost input: they are still there.
rows_by_day as (

    select
        'interactions' as input,
        input_entry,
        occurred_on,
        sum(interactions) as input_rows
    from cells
    where
        reject_reason is null
        or reject_reason in {{ counted_only }}
    group by
        input_entry,
        occurred_on
    {% for input in canonical_inputs() if input != 'interactions' %}
    union all

    select
        '{{ input }}' as input,
        input_entry,
        cast(null as date) as occurred_on,
        count(*) as input_rows
    from {{ ref('stg_engagement__' ~ input) }}
    where reject_reason is null
    group by input_entry
    {% endfor %}

),

given_columns as (

    select * from {{ ref('stg_engagement__input_columns') }}

),

final as (

    select
        input,
        input_entry,
        cast(null as {{ dbt.type_string() }}) as column_name,
        occurred_on,
        cast(input_rows as {{ dbt.type_bigint() }}) as input_rows
    from rows_by_day

    union all

    select
        input,
        input_entry,
        column_name,
        cast(null as date) as occurred_on,
        cast(0 as {{ dbt.type_bigint() }}) as input_rows
    from given_columns

)

select * from final
