with interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

pending_customers as (

    select * from {{ ref('int_engagement__pending_customers') }}

)

select
    interactions.input_entry,
    interactions.interaction_id,
    interactions.customer_id,
    interactions.order_id,
    interactions.session_id,
    interactions.activity_type,
    interactions.channel,
    interactions.duration_seconds,
    interactions.amount,
    interactions.quantity,
    interactions.occurred_at,
    interactions.occurred_on,
    interactions.loaded_at,
    interactions.customer_bucket,
    interactions.fingerprint
from interactions
inner join pending_customers
    on interactions.customer_id = pending_customers.customer_id
