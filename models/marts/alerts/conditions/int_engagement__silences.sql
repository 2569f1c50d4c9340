with customers as (

    select * from {{ ref('int_engagement__watched_customers') }}
    where is_watched

),

recent_silences as (

    select * from {{ ref('int_engagement__recent_silences') }}

),

-- Only the period in which a silence begins: one period earlier it was not long enough.
silences as (

    select
        'silence' as kind,
        customer_id,
        period_index,
        cast(null as {{ dbt.type_string() }}) as band,
        cast(null as {{ dbt.type_string() }}) as previous_band,
        cast(null as double) as shift,
        coalesce(score, 0) as size,
        recency_days as measured,
        usual_gap_days as usual,
        cast(null as {{ dbt.type_string() }}) as detail,
        cast(null as date) as happened_on
    from customers
    where is_silent and recency_days - period_days < silent_from_days

),

recoveries as (

    select
        'recovery' as kind,
        customers.customer_id,
        customers.period_index,
        cast(null as {{ dbt.type_string() }}) as band,
        cast(null as {{ dbt.type_string() }}) as previous_band,
        cast(null as double) as shift,
        coalesce(abs(customers.score_change), 0) as size,
        recent_silences.silent_days_then as measured,
        customers.usual_gap_days as usual,
        cast(null as {{ dbt.type_string() }}) as detail,
        recent_silences.last_silent_end as happened_on
    from customers
    inner join recent_silences
        on
            customers.customer_id = recent_silences.customer_id
            and customers.period_index = recent_silences.period_index
    where
        customers.is_active
        and not customers.is_silent
        and recent_silences.active_periods_since >= 2
        and recent_silences.silent_days_then >= 28

),

final as (

    select * from silences

    union all

    select * from recoveries

)

select * from final
