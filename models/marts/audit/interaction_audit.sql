{{ config(grants=marts_grants()) }}
{%- set entries = all_entries() -%}
{%- set reasons = reject_reasons() -%}
-- The three parts are counted where they ended up, and the whole where it came in, so that
-- raw = accepted + duplicate + rejected proves that no row was lost on the way.
with row_outcomes as (

    select * from {{ ref('int_engagement__row_outcomes') }}

),

unlisted_activity_types as (

    select * from {{ ref('int_engagement__unlisted_activity_types') }}

),

-- Every entry has its row, even without data. What its filter leaves out is counted beside it, as a
-- filter that leaves out everything looks like an empty table.
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

outcome_counts as (

    select
        input,
        input_entry,
        {%- for outcome in ['accepted', 'duplicate', 'equal'] %}
        sum(case when outcome = '{{ outcome }}' then input_rows else 0 end) as {{ outcome }}_rows,
        {%- endfor %}
        sum(case when outcome not in ('accepted', 'duplicate', 'equal') then input_rows else 0 end)
            as rejected_rows,
        {%- for reason in reasons %}
        sum(case when outcome = '{{ reason }}' then input_rows else 0 end) as rejected_{{ reason }},
        {%- endfor %}
        max(last_event_at) as last_event_at
    from row_outcomes
    group by
        input,
        input_entry

),

unlisted_counts as (

    select
        'interactions' as input,
        input_entry,
        count(*) as unlisted_activity_types,
        sum(interactions) as unlisted_interactions
    from unlisted_activity_types
    group by input_entry

),

entry_counts as (

    select
        entries.input,
        entries.input_entry,
        raw_counts.raw_rows,
        entries.unfiltered_rows - coalesce(raw_counts.raw_rows, 0) as filtered_rows,
        outcome_counts.accepted_rows,
        outcome_counts.duplicate_rows,
        outcome_counts.equal_rows,
        outcome_counts.rejected_rows,
        {%- for reason in reasons %}
        outcome_counts.rejected_{{ reason }},
        {%- endfor %}
        outcome_counts.last_event_at,
        unlisted_counts.unlisted_activity_types,
        unlisted_counts.unlisted_interactions
    from entries
    left join raw_counts
        on
            entries.input = raw_counts.input
            and entries.input_entry = raw_counts.input_entry
    left join outcome_counts
        on
            entries.input = outcome_counts.input
            and entries.input_entry = outcome_counts.input_entry
    left join unlisted_counts
        on
            entries.input = unlisted_counts.input
            and entries.input_entry = unlisted_counts.input_entry

),

final as (

    select
        input,
        input_entry,

        -- rows
        {%- for column in [
            'raw_rows', 'accepted_rows', 'duplicate_rows', 'rejected_rows', 'filtered_rows',
            'equal_rows',
        ] %}
        cast(coalesce({{ column }}, 0) as {{ dbt.type_bigint() }}) as {{ column }},
        {%- endfor %}

        -- rejected rows by reason
        {%- for reason in reasons %}
        cast(coalesce(rejected_{{ reason }}, 0) as {{ dbt.type_bigint() }})
            as rejected_{{ reason }},
        {%- endfor %}

        -- what to look at
        last_event_at,
        cast(coalesce(unlisted_activity_types, 0) as {{ dbt.type_bigint() }})
            as unlisted_activity_types,
        cast(coalesce(unlisted_interactions, 0) as {{ dbt.type_bigint() }})
            as unlisted_interactions
    from entry_counts

)

select * from final
