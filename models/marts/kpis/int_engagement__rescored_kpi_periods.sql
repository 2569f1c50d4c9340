{#- Looked up by name: int_engagement__kpi_sums reads this model, and a ref() would be a cycle. -#}
{%- set known_sums = kept_relation('int_engagement__kpi_sums') -%}
{{ depends_on('int_engagement__rescored_customers', 'int_engagement__scoring_periods') }}
with kpi_periods as (

    select * from {{ ref('int_engagement__kpi_periods') }}

),

final as (

    select
        period_grain,
        period_end,
        days_from,
        days_until,
        scored_period_end,
        entry_period_end,
        is_partial,
        period_number,
        previous_period_end,
        looks_from,
        looks_until
    from kpi_periods
    {%- if known_sums is not none %}
    where
        {{ is_rescored_kpi('period_end') }}
        or not exists (
            select 1
            from {{ known_sums }} as known_sums
            where
                known_sums.period_grain = kpi_periods.period_grain
                and known_sums.period_end = kpi_periods.period_end
        )
    {%- endif %}

)

select * from final
