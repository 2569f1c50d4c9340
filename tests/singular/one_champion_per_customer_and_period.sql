-- At most one score model is a customer's champion in a period.
select
    customer_id,
    period_end,
    count(*) as champions
from {{ ref('engagement_scores') }}
where is_champion
group by
    customer_id,
    period_end
having count(*) > 1
