{%- set counted_only = "('" ~ counted_only_reasons() | join("', '") ~ "')" -%}
{%- set judged_inputs = [
    ['survey_responses', 'int_engagement__survey_responses_judged', 'responded_at'],
    ['customers', 'int_engagement__customers_judged', none],
    ['experiment_assignments', 'int_engagement__experiment_assignments_judged', 'assigned_at'],
    ['identities', 'int_engagement__identities_judged', none],
] -%}
{%- set no_time = "cast(null as " ~ dbt.type_timestamp() ~ ")" -%}
with ledger as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

numbered_interactions as (

    select * from {{ ref('int_engagement__interactions_numbered') }}

),

interaction_cells as (

    select * from {{ ref('int_engagement__interaction_cells') }}

),

rejected_rows as (

    select * from {{ ref('engagement_rejected_rows') }}

),

judged_rows as (

    {% for input, model, event_time in judged_inputs -%}
    select
        '{{ input }}' as input,
        input_entry,
        reject_reason,
        copy_number,
        {{ event_time or no_time }} as event_at
    from {{ ref(model) }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

judged_row_outcomes as (

    select
        input,
        input_entry,
        case
            when reject_reason is not null then reject_reason
            when copy_number = 1 then 'accepted'
            else 'duplicate'
        end as outcome,
        case when reject_reason is null then event_at end as event_at
    from judged_rows
    where reject_reason is null or reject_reason in {{ counted_only }}

),

-- Each row is counted where it ended up.
final as (

    select
        'interactions' as input,
        input_entry,
        'accepted' as outcome,
        count(*) as input_rows,
        max(occurred_at) as last_event_at
    from ledger
    group by input_entry

    union all

    select
        'interactions' as input,
        input_entry,
        case when has_own_id then 'duplicate' else 'equal' end as outcome,
        count(*) as input_rows,
        {{ no_time }} as last_event_at
    from numbered_interactions
    where copy_number > 1
    group by
        input_entry,
        has_own_id

    union all

    select
        'interactions' as input,
        input_entry,
        reject_reason as outcome,
        cast(sum(interactions) as {{ dbt.type_bigint() }}) as input_rows,
        {{ no_time }} as last_event_at
    from interaction_cells
    where reject_reason in {{ counted_only }}
    group by
        input_entry,
        reject_reason

    union all

    select
        input,
        input_entry,
        reject_reason as outcome,
        count(*) as input_rows,
        {{ no_time }} as last_event_at
    from rejected_rows
    group by
        input,
        input_entry,
        reject_reason

    union all

    select
        input,
        input_entry,
        outcome,
        count(*) as input_rows,
        max(event_at) as last_event_at
    from judged_row_outcomes
    group by
        input,
        input_entry,
        outcome

)

select * from final
