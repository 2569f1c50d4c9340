with customers as (

    select * from {{ ref('int_engagement__customer_scope') }}

),

pending_customers as (

    select * from {{ ref('int_engagement__pending_customers') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

)

select
    customers.customer_id,
    customers.in_scope_from,
    customers.known_from,
    periods.period_index,
    periods.period_start,
    periods.period_end,
    periods.data_first_day,
    periods.previous_period_end,
    periods.is_scored
    and periods.period_end
    between pending_customers.pending_from and pending_customers.pending_until as is_pending
from customers
inner join pending_customers
    on customers.customer_id = pending_customers.customer_id
inner join periods
    on customers.in_scope_from <= periods.period_end
