{{ config(grants=marts_grants()) }}
with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

bounds as (

    select
        min(period_start) as first_day,
        max(period_end) as last_day
    from periods

),

days as (

    {{ date_series('first_day', 'last_day', 'bounds') }}

),

final as (

    select
        days.day as calendar_date,
        periods.period_start,
        periods.period_end,
        periods.is_partial as is_partial_period
    from days
    inner join periods
        on days.day between periods.period_start and periods.period_end

)

select * from final
