{%- set horizon = alert_horizon() -%}
with scoring_periods as (

    select
        *,
        1 + {{ days_between('period_start', 'period_end') }}
            as period_days,
        min(case when period_end >= data_first_day then period_index end) over ()
            as first_data_index,
        lag(period_end, {{ horizon }}) over (order by period_index) as month_before_end,
        coalesce({{ is_rescored_period('period_end') }}, false) as is_rescored
    from {{ ref('int_engagement__scoring_periods') }}

),

first_rescored_period as (

    select min(period_index) as period_index
    from scoring_periods
    where is_rescored

),

final as (

    select
        scoring_periods.period_index,
        scoring_periods.period_end,
        scoring_periods.period_days,
        scoring_periods.first_data_index,
        scoring_periods.month_before_end,
        scoring_periods.is_rescored,
        -- A condition of the month before may explain one of a rescored period.
        scoring_periods.period_index >= first_rescored_period.period_index - {{ horizon }}
            as has_conditions
    from scoring_periods
    inner join first_rescored_period
        on
            scoring_periods.period_index
            >= first_rescored_period.period_index - {{ 2 * horizon }}
    where scoring_periods.is_scored and not scoring_periods.is_partial

)

select * from final
