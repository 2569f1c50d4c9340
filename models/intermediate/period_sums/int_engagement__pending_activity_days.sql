with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

pending_customers as (

    select * from {{ ref('int_engagement__pending_customers') }}

)

select
    activity_days.customer_id,
    activity_days.activity_type,
    activity_days.occurred_on,
    activity_days.interactions,
    activity_days.duration_seconds,
    activity_days.amount,
    activity_days.absolute_amount,
    activity_days.quantity,
    activity_days.last_occurred_at,
    activity_days.customer_bucket,
    activity_days.fingerprint
from activity_days
inner join pending_customers
    on activity_days.customer_id = pending_customers.customer_id
