{#- What was lost stops the run before the ledger changes. -#}
{{ depends_on('int_engagement__interaction_cells', 'int_engagement__input_rows') }}
{%- set stored = kept_relation('int_engagement__interactions_numbered') -%}
with interactions as (

    select
        input_entry,
        occurred_on,
        customer_bucket,
        record_key
    from {{ ref('int_engagement__interactions_judged') }}
    where {{ is_kept('reject_reason') }}

),

{% if not stored -%}
-- Nothing is stored yet: everything is numbered, and nothing again.
final as (

    select record_key
    from interactions
    where false

)
{%- else -%}
cells as (

    select * from {{ ref('int_engagement__interaction_cells') }}
    where {{ is_kept('reject_reason') }}

),

stored_records as (

    select
        input_entry,
        occurred_on,
        customer_bucket,
        record_key,
        fingerprint
    from {{ stored }}

),

cells_of_both_runs as (

    select
        input_entry,
        occurred_on,
        customer_bucket,
        sum(interactions) as interactions,
        sum(fingerprint) as fingerprint,
        0 as stored_interactions,
        0 as stored_fingerprint
    from cells
    group by
        input_entry,
        occurred_on,
        customer_bucket

    union all

    select
        input_entry,
        occurred_on,
        customer_bucket,
        0 as interactions,
        0 as fingerprint,
        count(*) as stored_interactions,
        {{ fingerprint_sum('fingerprint') }} as stored_fingerprint
    from stored_records
    group by
        input_entry,
        occurred_on,
        customer_bucket

),

touched_cells as (

    select
        input_entry,
        occurred_on,
        customer_bucket
    from cells_of_both_runs
    group by
        input_entry,
        occurred_on,
        customer_bucket
    having
        sum(interactions) != sum(stored_interactions)
        or sum(fingerprint) != sum(stored_fingerprint)

),

-- The rows of a cell as they are, and those that left it.
final as (

    select interactions.record_key
    from interactions
    inner join touched_cells
        on
            interactions.input_entry = touched_cells.input_entry
            and interactions.customer_bucket = touched_cells.customer_bucket
            and coalesce(interactions.occurred_on, {{ first_date() }})
            = coalesce(touched_cells.occurred_on, {{ first_date() }})

    union distinct

    select stored_records.record_key
    from stored_records
    inner join touched_cells
        on
            stored_records.input_entry = touched_cells.input_entry
            and stored_records.customer_bucket = touched_cells.customer_bucket
            and coalesce(stored_records.occurred_on, {{ first_date() }})
            = coalesce(touched_cells.occurred_on, {{ first_date() }})

)
{%- endif %}

select * from final
