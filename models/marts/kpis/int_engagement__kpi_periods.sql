{%- set grain = scoring_grain() -%}
with scored_periods as (

    select
        *,
        lag(period_end) over (order by period_end) as entry_period_end
    from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

scored_days as (

    select
        min(period_start) as first_day,
        max(period_end) as last_day,
        min(data_first_day) as data_first_day,
        max(case when not is_partial then period_end end) as last_complete_day
    from scored_periods

),

calendar_periods as (

    {% for calendar_grain in kpi_grains() if calendar_grain != grain -%}
    select distinct
        '{{ calendar_grain }}' as period_grain,
        cast({{ dbt.date_trunc(calendar_grain, 'period_end') }} as date) as period_start,
        cast({{ dbt.last_day('period_end', calendar_grain) }} as date) as period_end
    from scored_periods
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- Months and quarters need at least one scored period_end within.
calendar_periods_with_days as (

    select
        calendar_periods.period_grain,
        calendar_periods.period_end,
        greatest(calendar_periods.period_start, scored_days.first_day) as days_from,
        least(calendar_periods.period_end, scored_days.last_day) as days_until,
        max(scored_periods.period_end) as scored_period_end,
        max(
            case
                when scored_periods.period_end < calendar_periods.period_start
                    then scored_periods.period_end
            end
        ) as entry_period_end,
        calendar_periods.period_start < scored_days.first_day
        or calendar_periods.period_start < scored_days.data_first_day
        or calendar_periods.period_end
        > coalesce(scored_days.last_complete_day, scored_days.first_day) as is_partial
    from calendar_periods
    cross join scored_days
    inner join scored_periods
        on calendar_periods.period_end >= scored_periods.period_end
    group by
        calendar_periods.period_grain,
        calendar_periods.period_start,
        calendar_periods.period_end,
        scored_days.first_day,
        scored_days.last_day,
        scored_days.data_first_day,
        scored_days.last_complete_day

),

kpi_periods as (

    select
        '{{ grain }}' as period_grain,
        period_end,
        period_start as days_from,
        period_end as days_until,
        period_end as scored_period_end,
        entry_period_end,
        is_partial
    from scored_periods

    union all

    select * from calendar_periods_with_days

),

final as (

    select
        *,
        row_number() over (partition by period_grain order by period_end) as period_number,
        lag(period_end) over (partition by period_grain order by period_end)
            as previous_period_end,
        coalesce(
            lag(days_from) over (partition by period_grain order by period_end), days_from
        ) as looks_from,
        days_until as looks_until
    from kpi_periods

)

select * from final
