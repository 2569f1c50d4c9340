with customers as (

    select * from {{ ref('int_engagement__watched_customers') }}

),

silent_customers as (

    select distinct customer_id
    from customers
    where is_silent

),

customer_periods as (

    select
        customers.customer_id,
        customers.period_index,
        customers.period_end,
        customers.has_conditions,
        customers.is_silent,
        customers.recency_days,
        sum(case when customers.is_active and not customers.is_silent then 1 else 0 end) over (
            partition by customers.customer_id order by customers.period_index
        ) as active_periods
    from customers
    inner join silent_customers
        on customers.customer_id = silent_customers.customer_id

),

customer_periods_with_silence as (

    select
        customer_id,
        period_index,
        has_conditions,
        active_periods,
        max(case when is_silent then period_end end) over lately as last_silent_end,
        max(case when is_silent then active_periods end) over lately as active_periods_then,
        max(case when is_silent then recency_days end) over lately as silent_days_then
    from customer_periods
    window
        lately as (
            partition by customer_id order by period_index
            range between {{ [alert_horizon(), 2] | max }} preceding and 1 preceding
        )

),

final as (

    select
        customer_id,
        period_index,
        last_silent_end,
        silent_days_then,
        active_periods - active_periods_then as active_periods_since
    from customer_periods_with_silence
    where has_conditions and last_silent_end is not null

)

select * from final
