{%- set kpis = customer_engagement.kpis() | reject('equalto', 'band_share') | list %}
with

kpi_targets as (

    select * from {{ ref('config_engagement__kpi_targets_rows') }}

),

column_problems as (
    {{ customer_engagement.config_column_rules('kpi_targets') }}
),

-- A segment that nobody is in, or a band that no version has, is no problem: the target waits.
row_problems as (

    select
        'kpi_targets' as seed,
        row_key,
        'kpi is "' || kpi || '", which is not a KPI; use one of: '
        || '{{ kpis | join(', ') }}, or band_share:<band>' as problem
    from kpi_targets
    where
        kpi not in ('{{ kpis | join("', '") }}')
        and kpi not like 'band_share:_%'

    union all

    select
        'kpi_targets' as seed,
        row_key,
        'segment_column is ' || coalesce('"' || segment_column_text || '"', 'blank')
        || ' and segment_value is ' || coalesce('"' || segment_value_text || '"', 'blank')
        || '; fill in both for a target of one segment, or neither for all customers' as problem
    from kpi_targets
    where
        (segment_column_text is null and segment_value_text is not null)
        or (segment_column_text is not null and segment_value_text is null)

    union all

    select
        'kpi_targets' as seed,
        row_key,
        'period_grain is blank, but a week''s ' || kpi || ' cannot be compared with a month''s; '
        || 'use one of: {{ customer_engagement.kpi_grains() | join(", ") }}' as problem
    from kpi_targets
    where
        kpi in ({{ customer_engagement.quoted_kpis('by_grain') }})
        and period_grain_text is null

    union all

    select
        'kpi_targets' as seed,
        row_key,
        'target is ' || target_text || ', but ' || kpi
        || ' is a ratio from 0 to 1; write 40 percent as 0.4' as problem
    from kpi_targets
    where
        {{ customer_engagement.kpi_of_catalog('kpi') }}
        in ({{ customer_engagement.quoted_kpis('unit', '0..1') }})
        and not target between 0 and 1

),

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
