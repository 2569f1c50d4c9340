-- Every segment column splits the same customers and the same mean: its segments add up to `all`.
with segments as (

    select * from {{ ref('engagement_segments') }}

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
        sum(mean_score * scored_customers) as total_score
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
    totals.mean_score
from added
inner join totals
    on
        added.score_model = totals.score_model
        and added.period_end = totals.period_end
where
    added.customers != totals.customers
    or added.scored_customers != totals.scored_customers
    or abs(coalesce(added.total_score - totals.mean_score * totals.scored_customers, 0))
    > 1e-6 * (1 + totals.scored_customers)
