with interactions as (

    select * from {{ ref('int_interaction_ledger') }}

)

select
    customer_id,
    activity_type,
    occurred_on,
    cast(count(*) as {{ dbt.type_int() }}) as interactions,
    cast(sum(duration_seconds) as decimal(18, 4)) as duration_seconds,
    cast(sum(amount) as decimal(18, 4)) as amount,
    cast(sum(abs(amount)) as decimal(18, 4)) as absolute_amount,
    cast(sum(quantity) as decimal(18, 4)) as quantity,
    max(occurred_at) as last_occurred_at
from interactions
group by
    customer_id,
    activity_type,
    occurred_on
