-- How much of what people do is asking for help: tickets by all that they did in the last four weeks.
with days as (

    select * from {{ ref('customer_engagement', 'int_engagement__customer_activity_days') }}

),

periods as (

    select period_end from {{ ref('customer_engagement', 'int_engagement__scoring_periods') }}

)

select
    days.customer_id,
    periods.period_end,
    sum(case when days.activity_type = 'support_ticket' then days.interactions else 0 end)
    / sum(days.interactions) as share_of_tickets
from periods
inner join days
    on
        periods.period_end >= days.occurred_on
        and {{ dbt.datediff('days.occurred_on', 'periods.period_end', 'day') }} < 28
group by
    days.customer_id,
    periods.period_end
