{{ config(grants=marts_grants()) }}
{{ built_by_customer_and_period('rescored', of_periods='is_detailed') }}
with contributions as (

    select * from {{ ref('scoring_engagement__contributions') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_detailed

),

scores as (

    select scores.*
    from {{ ref('engagement_scores') }} as scores
    inner join periods
        on scores.period_end = periods.period_end

)

select
    -- ids
    contributions.customer_id,
    contributions.score_model,
    contributions.version,
    contributions.period_end,
    contributions.component,
    contributions.dimension,

    -- how the line is made
    contributions.value,
    contributions.counted_value,
    contributions.scaled_value,
    contributions.missing as missing_policy,
    contributions.applied_weight,
    contributions.contribution
from contributions
inner join scores
    on
        contributions.customer_id = scores.customer_id
        and contributions.score_model = scores.score_model
        and contributions.version = scores.version
        and contributions.period_end = scores.period_end
inner join rescored_customers
    on
        contributions.customer_id = rescored_customers.customer_id
        and contributions.period_end
        between rescored_customers.rescored_from and rescored_customers.rescored_until
