{{ built_by_customer_and_period('rescored') }}
with scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

customer_scope as (

    select * from {{ ref('int_engagement__customer_scope') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

contract_states as (

    select * from {{ ref('int_engagement__contract_states') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

purchase_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where role = 'purchase'

),

first_purchases as (

    select
        activity_days.customer_id,
        min(activity_days.occurred_on) as first_purchased_on
    from activity_days
    inner join purchase_types
        on activity_days.activity_type = purchase_types.activity_type
    inner join rescored_customers
        on activity_days.customer_id = rescored_customers.customer_id
    group by activity_days.customer_id

),

scores_with_facts as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        customer_attributes.account_id,
        customer_metrics.is_known,
        customer_metrics.is_new,
        customer_metrics.engaged_interactions,
        customer_metrics.purchase_frequency,
        customer_metrics.repeat_purchase_rate,
        customer_metrics.churn,
        customer_metrics.nps,
        first_purchases.first_purchased_on,
        coalesce(contract_states.is_cancelled, false) as is_cancelled,
        {{ is_engaged_score('score_bands', 'scores.score') }} as is_engaged,
        {{ days_between('customer_scope.in_scope_from', 'scores.period_end') }}
            as days_in_scope,
        {{ days_between('periods.period_start', 'periods.period_end') }}
            as days_before_period_end,
        customer_metrics.recency_days,
        (
            coalesce(customer_metrics.csat, 0)
            + coalesce(customer_metrics.support_quality, 0)
            + coalesce(customer_metrics.nps, 0) / 10
            + coalesce(customer_metrics.loyalty, 0)
        ) / nullif(
            case when customer_metrics.csat is null then 0 else 1 end
            + case when customer_metrics.support_quality is null then 0 else 1 end
            + case when customer_metrics.nps is null then 0 else 1 end
            + case when customer_metrics.loyalty is null then 0 else 1 end,
            0
        ) as satisfaction
    from scores
    inner join rescored_customers
        on
            scores.customer_id = rescored_customers.customer_id
            and scores.period_end between rescored_customers.rescored_from
            and rescored_customers.rescored_until
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    inner join customer_metrics
        on
            scores.customer_id = customer_metrics.customer_id
            and scores.period_end = customer_metrics.period_end
            and score_models.window_periods = customer_metrics.window_periods
    inner join periods
        on scores.period_end = periods.period_end
    inner join customer_scope
        on scores.customer_id = customer_scope.customer_id
    left join customer_attributes
        on
            scores.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'scores.period_end') }}
    left join score_bands
        on
            scores.score_model = score_bands.score_model
            and scores.version = score_bands.version
            and scores.band = score_bands.band
    left join first_purchases
        on scores.customer_id = first_purchases.customer_id
    left join contract_states
        on
            scores.customer_id = contract_states.customer_id
            and {{ is_in_force('contract_states', 'scores.period_end') }}

),

scores_with_attitude as (

    select
        *,
        coalesce(recency_days <= days_before_period_end, false) as is_active_in_period,
        {{ is_unhappy_on_average('satisfaction', 'nps') }} as is_unhappy
    from scores_with_facts

),

final as (

    select
        -- ids
        customer_id,
        score_model,
        version,
        period_end,
        account_id,

        -- states
        case
            when coalesce(first_purchased_on > period_end, true) then 'never_bought'
            when coalesce(purchase_frequency, 0) = 0 then 'lapsed_buyer'
            when repeat_purchase_rate > 0 then 'repeat_buyer'
            else 'first_time_buyer'
        end as purchase_segment,
        case
            when not is_known then 'unknown'
            when is_cancelled then 'churned'
            when is_new then 'new'
            when days_in_scope < {{ var('onboarding_days', 30) }} then 'onboarding'
            when engaged_interactions = 0 then 'dormant'
            when churn = 1 then 'at_risk'
            else 'established'
        end as lifecycle_stage,

        -- satisfaction
        satisfaction,
        case
            when is_engaged and is_unhappy then 'engaged_unhappy'
            when is_engaged and not is_unhappy then 'engaged_happy'
            when not is_engaged and is_unhappy then 'quiet_unhappy'
            when not is_engaged and not is_unhappy then 'quiet_happy'
        end as satisfaction_quadrant,

        -- activity
        is_active_in_period,
        engaged_interactions
    from scores_with_attitude

)

select * from final
