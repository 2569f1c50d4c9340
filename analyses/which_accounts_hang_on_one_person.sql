-- Accounts of several seats of which one person makes up nearly all activity, biggest first.
with latest as (

    select max(period_end) as period_end
    from {{ ref('engagement_accounts') }}

)

select
    accounts.account_id,
    accounts.customers,
    accounts.active_customers,
    round(accounts.score, 1) as score,
    round(accounts.breadth, 2) as breadth,
    round(accounts.concentration, 2) as concentration,
    accounts.busiest_customer_id
from {{ ref('engagement_accounts') }} as accounts
inner join latest
    on accounts.period_end = latest.period_end
where accounts.is_hanging_on_one
order by
    accounts.customers desc,
    accounts.account_id asc
