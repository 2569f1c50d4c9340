with customers as (

    select * from {{ ref('int_customer_scope') }}

),

periods as (

    select * from {{ ref('int_scoring_periods') }}

)

select
    customers.customer_id,
    customers.in_scope_from,
    customers.known_from,
    periods.period_index,
    periods.period_start,
    periods.period_end,
    periods.data_first_day,
    periods.is_scored,
    periods.is_detailed
from customers
inner join periods
    on customers.in_scope_from <= periods.period_end
