with score_overrides as (

    select * from {{ ref('config_engagement__score_overrides') }}

),

identity_map as (

    select * from {{ ref('int_engagement__identity_map') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

overrides_by_period as (

    select
        coalesce(identity_map.customer_id, score_overrides.customer_id) as customer_id,
        score_overrides.score_model,
        periods.period_index,
        periods.period_end,
        periods.is_detailed,
        score_overrides.score as override_score,
        score_overrides.reason,
        score_overrides.author,
        score_overrides.valid_to,
        -- Two ids that were merged may both have one: that of the customer's own id holds.
        row_number() over (
            partition by
                coalesce(identity_map.customer_id, score_overrides.customer_id),
                score_overrides.score_model,
                periods.period_index
            order by
                case when identity_map.customer_id is null then 0 else 1 end asc,
                score_overrides.valid_from desc,
                score_overrides.customer_id asc
        ) as override_number
    from score_overrides
    inner join periods
        on periods.period_end between score_overrides.valid_from and score_overrides.valid_to
    left join identity_map
        on score_overrides.customer_id = identity_map.id

)

select
    customer_id,
    score_model,
    period_index,
    period_end,
    is_detailed,
    override_score,
    reason,
    author,
    valid_to
from overrides_by_period
where override_number = 1
