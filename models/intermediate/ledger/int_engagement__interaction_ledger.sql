with interactions as (

    select * from {{ ref('int_engagement__interactions_numbered') }}

),

data_horizon as (

    select * from {{ ref('int_engagement__data_horizon') }}

)

select
    -- ids
    interactions.input_entry,
    interactions.interaction_id,
    interactions.customer_id,
    interactions.order_id,
    interactions.session_id,

    -- what happened
    interactions.activity_type,
    interactions.channel,
    interactions.duration_seconds,
    interactions.amount,
    interactions.quantity,

    -- timestamps
    interactions.occurred_at,
    interactions.occurred_on,
    interactions.loaded_at,

    -- what it was made of
    interactions.customer_bucket,
    interactions.fingerprint
from interactions
inner join data_horizon
    on interactions.occurred_on between data_horizon.first_day and data_horizon.last_day
where
    interactions.reject_reason is null
    and (interactions.copy_number = 1 or not interactions.has_own_id)
