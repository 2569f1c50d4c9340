with customer_metrics as (

    select * from {{ ref('int_customer_metrics') }}

),

rescored_customers as (

    select * from {{ ref('int_rescored_customers') }}

)

select
    customer_metrics.customer_id,
    customer_metrics.window_periods,
    customer_metrics.period_index,
    customer_metrics.period_end,
    customer_metrics.is_known,
    customer_metrics.exposed_days,
    customer_metrics.is_new,
    customer_metrics.engaged_interactions,
    customer_metrics.interaction_frequency,
    customer_metrics.active_days,
    customer_metrics.time_spent,
    customer_metrics.recency_days,
    customer_metrics.interaction_depth,
    customer_metrics.session_depth,
    customer_metrics.conversion_rate,
    customer_metrics.click_through_rate,
    customer_metrics.social_engagement,
    customer_metrics.csat,
    customer_metrics.loyalty,
    customer_metrics.brand_perception,
    customer_metrics.brand_affinity,
    customer_metrics.purchase_intent,
    customer_metrics.support_quality,
    customer_metrics.nps,
    customer_metrics.sentiment,
    customer_metrics.purchase_frequency,
    customer_metrics.average_order_value,
    customer_metrics.lifetime_value,
    customer_metrics.repeat_purchase_rate,
    customer_metrics.basket_size,
    customer_metrics.churn,
    customer_metrics.renewal_rate,
    customer_metrics.advocacy
from customer_metrics
inner join rescored_customers
    on
        customer_metrics.customer_id = rescored_customers.customer_id
        and customer_metrics.period_end
        between rescored_customers.rescored_from and rescored_customers.rescored_until
