{{ config(
    materialized='incremental',
    pre_hook=['{{ require_everything() }}', '{{ delete_rescored_kpis() }}'],
) }}
{{ depends_on('int_engagement__rescored_customers', 'int_engagement__scoring_periods') }}
with kpi_periods as (

    select * from {{ ref('int_engagement__rescored_kpi_periods') }}

),

kpi_sums as (

    select * from {{ ref('int_engagement__kpi_states') }}

    union all

    select * from {{ ref('int_engagement__kpi_flows') }}

),

final as (

    select
        kpi_sums.kpi,
        kpi_sums.period_grain,
        kpi_sums.segment_column,
        kpi_sums.segment,
        kpi_sums.period_end,
        cast(kpi_sums.numerator as decimal(38, 12)) as numerator,
        cast(kpi_sums.denominator as {{ dbt.type_bigint() }}) as denominator,
        cast(kpi_sums.customers as {{ dbt.type_bigint() }}) as customers,
        kpi_periods.looks_from,
        kpi_periods.looks_until
    from kpi_sums
    inner join kpi_periods
        on
            kpi_sums.period_grain = kpi_periods.period_grain
            and kpi_sums.period_end = kpi_periods.period_end

)

select * from final
