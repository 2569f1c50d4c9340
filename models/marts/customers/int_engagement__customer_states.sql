{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=[
        "{{ require_everything() }}",
        "{{ delete_scope('int_engagement__rescored_customers', 'rescored') }}",
        "{{ delete_other_periods() }}",
    ],
) }}
{{ depends_on(
    'int_engagement__changed_days',
    'int_engagement__rescored_customers',
    'int_engagement__scoring_periods',
) }}
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

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where role in ('purchase', 'cancellation', 'renewal')

),

transaction_days as (

    select
        activity_days.customer_id,
        activity_days.occurred_on,
        activity_days.last_occurred_at,
        activity_types.role
    from {{ ref('int_engagement__customer_activity_days') }} as activity_days
    inner join activity_types
        on activity_days.activity_type = activity_types.activity_type
    inner join rescored_customers
        on activity_days.customer_id = rescored_customers.customer_id

),

first_purchases as (

    select
        customer_id,
        min(occurred_on) as first_purchased_on
    from transaction_days
    where role = 'purchase'
    group by customer_id

),

contract_days as (

    select
        customer_id,
        occurred_on,
        max(case when role = 'cancellation' then last_occurred_at end) as last_cancelled_at,
        max(case when role = 'renewal' then last_occurred_at end) as last_renewed_at
    from transaction_days
    where role in ('cancellation', 'renewal')
    group by
        customer_id,
        occurred_on

),

-- What the day of a cancellation or renewal left behind stands until the next one.
contracts as (

    select
        customer_id,
        occurred_on as valid_from,
        lead(occurred_on) over (partition by customer_id order by occurred_on) as valid_until,
        last_cancelled_at is not null
        and (last_renewed_at is null or last_renewed_at < last_cancelled_at) as is_cancelled
    from contract_days

),

lowest_bands as (

    select
        score_model,
        version,
        max_by(band, band_rank) as lowest_band
    from score_bands
    group by
        score_model,
        version

),

gathered as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.score,
        scores.band,
        lowest_bands.lowest_band,
        customer_attributes.account_id,
        customer_metrics.is_known,
        customer_metrics.is_new,
        customer_metrics.engaged_interactions,
        customer_metrics.purchase_frequency,
        customer_metrics.repeat_purchase_rate,
        customer_metrics.churn,
        customer_metrics.nps,
        first_purchases.first_purchased_on,
        coalesce(contracts.is_cancelled, false) as is_cancelled,
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
    left join lowest_bands
        on
            scores.score_model = lowest_bands.score_model
            and scores.version = lowest_bands.version
    left join first_purchases
        on scores.customer_id = first_purchases.customer_id
    left join contracts
        on
            scores.customer_id = contracts.customer_id
            and {{ is_in_force('contracts', 'scores.period_end') }}

),

judged as (

    select
        *,
        case
            when lowest_band is null then score >= 60
            else band != lowest_band
        end as is_engaged,
        coalesce(recency_days <= days_before_period_end, false) as is_active_in_period,
        {{ is_unhappy_on_average('satisfaction', 'nps') }} as is_unhappy
    from gathered

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
    from judged

)

select * from final
