-- Accounts of several seats of which one person makes up nearly all activity, biggest first.
with latest as (

    select max(period_end) as period_end
    from {{ ref('engagement_accounts') }}

)

select
    account_periods.account_id,
    account_periods.customers,
    account_periods.active_customers,
    round(account_periods.score, 1) as score,
    round(account_periods.breadth, 2) as breadth,
    round(account_periods.concentration, 2) as concentration,
    account_periods.busiest_customer_id
from {{ ref('engagement_accounts') }} as account_periods
inner join latest
    on account_periods.period_end = latest.period_end
where account_periods.is_hanging_on_one
order by
    account_periods.customers desc,
    account_periods.account_id asc
