-- The lines that add up to one customer's score: here of who stands first by rank.
select
    contributions.customer_id,
    contributions.component,
    contributions.dimension,
    contributions.value,
    round(contributions.scaled_value, 1) as scaled_value,
    round(contributions.applied_weight, 3) as applied_weight,
    round(contributions.contribution, 2) as contribution,
    round(
        sum(contributions.contribution) over (
            partition by contributions.customer_id
            order by contributions.contribution desc, contributions.component asc
            rows between unbounded preceding and current row
        ),
        2
    ) as adds_up_to
from {{ ref('engagement_contributions') }} as contributions
inner join {{ ref('customer_engagement') }} as customers
    on
        contributions.customer_id = customers.customer_id
        and contributions.score_model = customers.score_model
        and contributions.version = customers.version
        and contributions.period_end = customers.period_end
where customers.score_rank = 1
order by
    contributions.customer_id asc,
    contributions.contribution desc,
    contributions.component asc
