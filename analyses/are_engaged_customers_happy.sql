-- High engagement is not satisfaction: customers by both, and how many of each decline.
select
    coalesce(customers.satisfaction_quadrant, '(no answer)') as satisfaction_quadrant,
    count(*) as customers,
    round(avg(customers.score), 1) as mean_score,
    round(avg(customers.satisfaction), 2) as mean_satisfaction,
    count(case when customers.trend = 'declining' then 1 end) as declining_customers
from {{ ref('customer_engagement') }} as customers
where customers.score is not null
group by coalesce(customers.satisfaction_quadrant, '(no answer)')
order by customers desc
