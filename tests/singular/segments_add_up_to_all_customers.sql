-- Every segment column splits the same customers and the same sum of scores, exactly: its segments
-- add up to `all`.
with segments as (

    select * from {{ ref('int_engagement__segment_sums') }}

),

totals as (

    select * from segments
    where segment_column = 'all'

),

added as (

    select
        segment_column,
        score_model,
        period_end,
        sum(customers) as customers,
        sum(scored_customers) as scored_customers,
        sum(score_sum) as score_sum,
        sum(active_customers) as active_customers,
        sum(engaged_interactions) as engaged_interactions,
        sum(satisfaction_sum) as satisfaction_sum
    from segments
    where segment_column != 'all'
    group by
        segment_column,
        score_model,
        period_end

)

select
    added.*,
    totals.customers as all_customers,
    totals.score_sum as all_scores
from added
inner join totals
    on
        added.score_model = totals.score_model
        and added.period_end = totals.period_end
where
    added.customers != totals.customers
    or added.scored_customers != totals.scored_customers
    or added.score_sum is distinct from totals.score_sum
    or added.active_customers != totals.active_customers
    or added.engaged_interactions != totals.engaged_interactions
    or added.satisfaction_sum is distinct from totals.satisfaction_sum
