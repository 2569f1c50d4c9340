with changed_days as (

    select * from {{ ref('int_changed_days') }}

),

customers as (

    select customer_id from {{ ref('int_customer_scope') }}

),

periods as (

    select * from {{ ref('int_scoring_periods') }}
    where is_scored

),

changes as (

    select
        customer_id,
        min(coalesce(changed_on, {{ first_date() }})) as pending_from,
        max(changed_until) as pending_until
    from changed_days
    group by customer_id

),

-- What is not one customer's concerns all of them.
everybody as (

    select
        customers.customer_id,
        changes.pending_from,
        changes.pending_until
    from customers
    inner join changes
        on changes.customer_id is null

),

-- Who is no longer there is pending too: the rows must go.
pending as (

    select * from everybody

    union all

    select * from changes
    where customer_id is not null

)

select
    customer_id,
    min(pending_from) as pending_from,
    max(pending_until) as pending_until
from pending
group by customer_id
-- What happened after the last period waits until its own is scored.
having min(pending_from) <= (select max(periods.period_end) from periods)
