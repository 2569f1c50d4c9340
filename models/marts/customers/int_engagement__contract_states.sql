with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where role in ('cancellation', 'renewal')

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

contract_days as (

    select
        activity_days.customer_id,
        activity_days.occurred_on,
        max(case when activity_types.role = 'cancellation' then activity_days.last_occurred_at end)
            as last_cancelled_at,
        max(case when activity_types.role = 'renewal' then activity_days.last_occurred_at end)
            as last_renewed_at
    from activity_days
    inner join activity_types
        on activity_days.activity_type = activity_types.activity_type
    inner join rescored_customers
        on activity_days.customer_id = rescored_customers.customer_id
    group by
        activity_days.customer_id,
        activity_days.occurred_on

),

final as (

    select
        customer_id,
        occurred_on as valid_from,
        lead(occurred_on) over (partition by customer_id order by occurred_on) as valid_until,
        last_cancelled_at is not null
        and (last_renewed_at is null or last_renewed_at < last_cancelled_at) as is_cancelled
    from contract_days

)

select * from final
