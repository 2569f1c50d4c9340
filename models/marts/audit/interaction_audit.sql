{{ config(grants=marts_grants()) }}
{%- set counted_only = "('" ~ counted_only_reasons() | join("', '") ~ "')" -%}
{%- set judged = [
    ['survey_responses', 'int_engagement__survey_responses_judged'],
    ['customers', 'int_engagement__customers_judged'],
    ['experiment_assignments', 'int_engagement__experiment_assignments_judged'],
    ['identities', 'int_engagement__identities_judged'],
] -%}
{%- set entries = all_entries() -%}
-- The three parts are counted where they ended up, and the whole where it came in, so that
-- raw = accepted + duplicate + rejected proves that no row was lost on the way.
with ledger as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

numbered_interactions as (

    select * from {{ ref('int_engagement__interactions_numbered') }}

),

cells as (

    select * from {{ ref('int_engagement__interaction_cells') }}

),

rejected_rows as (

    select * from {{ ref('engagement_rejected_rows') }}

),

unlisted_activity_types as (

    select * from {{ ref('int_engagement__unlisted_activity_types') }}

),

-- Every entry has its row, also one that gave nothing. What its filter leaves out is counted beside
-- it, since a filter that takes everything looks like an empty table.
entries as (

    {% for input, entry in entries -%}
    select
        '{{ input }}' as input,
        cast({{ text_literal(entry.label) }} as {{ dbt.type_string() }}) as input_entry,
        {% if entry.where -%}
        (select count(*) from {{ entry_relation(entry) }} as entry) as unfiltered_rows
        {%- else -%}
        cast(null as {{ dbt.type_bigint() }}) as unfiltered_rows
        {%- endif %}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

raw_counts as (

    {% for input in canonical_inputs() -%}
    select
        '{{ input }}' as input,
        input_entry,
        count(*) as raw_rows
    from {{ ref('stg_engagement__' ~ input) }}
    group by input_entry
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

counted as (

    select
        'interactions' as input,
        input_entry,
        count(*) as accepted_rows,
        0 as duplicate_rows,
        max(occurred_at) as last_event_at
    from ledger
    group by input_entry

    union all

    select
        'interactions' as input,
        input_entry,
        0 as accepted_rows,
        count(*) as duplicate_rows,
        cast(null as {{ dbt.type_timestamp() }}) as last_event_at
    from numbered_interactions
    where copy_number > 1 and has_own_id
    group by input_entry
    {% for input, model in judged %}
    union all

    select
        '{{ input }}' as input,
        input_entry,
        sum(case when copy_number = 1 then 1 else 0 end) as accepted_rows,
        sum(case when copy_number > 1 then 1 else 0 end) as duplicate_rows,
        {% if input == 'survey_responses' -%}
        max(responded_at) as last_event_at
        {%- elif input == 'experiment_assignments' -%}
        max(assigned_at) as last_event_at
        {%- else -%}
        cast(null as {{ dbt.type_timestamp() }}) as last_event_at
        {%- endif %}
    from {{ ref(model) }}
    where reject_reason is null
    group by input_entry
    {% endfor %}

),

accepted_counts as (

    select
        input,
        input_entry,
        sum(accepted_rows) as accepted_rows,
        sum(duplicate_rows) as duplicate_rows,
        max(last_event_at) as last_event_at
    from counted
    group by
        input,
        input_entry

),

rejected_counts as (

    select
        input,
        input_entry,
        reject_reason,
        count(*) as rejected_rows
    from rejected_rows
    group by
        input,
        input_entry,
        reject_reason

    union all

    select
        'interactions' as input,
        input_entry,
        reject_reason,
        sum(interactions) as rejected_rows
    from cells
    where reject_reason in {{ counted_only }}
    group by
        input_entry,
        reject_reason
    {% for input, model in judged %}
    union all

    select
        '{{ input }}' as input,
        input_entry,
        reject_reason,
        count(*) as rejected_rows
    from {{ ref(model) }}
    where reject_reason in {{ counted_only }}
    group by
        input_entry,
        reject_reason
    {% endfor %}

),

rejected_by_reason as (

    select
        input,
        input_entry,
        {%- for reason in reject_reasons() %}
        sum(case when reject_reason = '{{ reason }}' then rejected_rows else 0 end)
            as rejected_{{ reason }},
        {%- endfor %}
        sum(rejected_rows) as rejected_rows
    from rejected_counts
    group by
        input,
        input_entry

),

equal_counts as (

    select
        input_entry,
        count(*) as equal_rows
    from numbered_interactions
    where copy_number > 1 and not has_own_id
    group by input_entry

),

unlisted_counts as (

    select
        input_entry,
        count(*) as unlisted_activity_types,
        sum(interactions) as unlisted_interactions
    from unlisted_activity_types
    group by input_entry

),

final as (

    select
        entries.input,
        entries.input_entry,

        -- rows
        coalesce(raw_counts.raw_rows, 0) as raw_rows,
        coalesce(accepted_counts.accepted_rows, 0) as accepted_rows,
        coalesce(accepted_counts.duplicate_rows, 0) as duplicate_rows,
        coalesce(rejected_by_reason.rejected_rows, 0) as rejected_rows,
        coalesce(entries.unfiltered_rows - coalesce(raw_counts.raw_rows, 0), 0) as filtered_rows,
        coalesce(equal_counts.equal_rows, 0) as equal_rows,

        -- rejected rows by reason
        {%- for reason in reject_reasons() %}
        coalesce(rejected_by_reason.rejected_{{ reason }}, 0) as rejected_{{ reason }},
        {%- endfor %}

        -- what to look at
        accepted_counts.last_event_at,
        coalesce(unlisted_counts.unlisted_activity_types, 0) as unlisted_activity_types,
        coalesce(unlisted_counts.unlisted_interactions, 0) as unlisted_interactions
    from entries
    left join raw_counts
        on
            entries.input = raw_counts.input
            and entries.input_entry = raw_counts.input_entry
    left join accepted_counts
        on
            entries.input = accepted_counts.input
            and entries.input_entry = accepted_counts.input_entry
    left join rejected_by_reason
        on
            entries.input = rejected_by_reason.input
            and entries.input_entry = rejected_by_reason.input_entry
    left join equal_counts
        on
            entries.input = 'interactions'
            and entries.input_entry = equal_counts.input_entry
    left join unlisted_counts
        on
            entries.input = 'interactions'
            and entries.input_entry = unlisted_counts.input_entry

)

select
    input,
    input_entry,
    {%- for column in [
        'raw_rows', 'accepted_rows', 'duplicate_rows', 'rejected_rows', 'filtered_rows', 'equal_rows',
    ] %}
    cast({{ column }} as {{ dbt.type_bigint() }}) as {{ column }},
    {%- endfor %}
    {%- for reason in reject_reasons() %}
    cast(rejected_{{ reason }} as {{ dbt.type_bigint() }}) as rejected_{{ reason }},
    {%- endfor %}
    last_event_at,
    cast(unlisted_activity_types as {{ dbt.type_bigint() }}) as unlisted_activity_types,
    cast(unlisted_interactions as {{ dbt.type_bigint() }}) as unlisted_interactions
from final
