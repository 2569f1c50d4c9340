with interactions as (

    select * from {{ ref('int_interaction_ledger') }}

)

select
    customer_id,
    activity_type,
    occurred_on,
    count(*) as interactions,
    sum(duration_seconds) as duration_seconds,
    sum(amount) as amount,
    sum(quantity) as quantity,
    max(occurred_at) as last_occurred_at
from interactions
group by
    customer_id,
    activity_type,
    occurred_on
