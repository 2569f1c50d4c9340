-- The parts of a segment column add up to the change of the total, unless one is suppressed.
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
        sum(within_change + mix_change) as total_change,
        sum(share_of_change) as share_of_change
    from segments
    group by
        segment_column,
        score_model,
        period_end
    having count(*) = count(within_change)

)

select
    added.*,
    totals.mean_score_change
from added
inner join totals
    on
        added.score_model = totals.score_model
        and added.period_end = totals.period_end
where
    abs(added.total_change - totals.mean_score_change) > 1e-9 * (1 + abs(totals.mean_score))
    or abs(added.share_of_change - 1) * abs(totals.mean_score_change)
    > 1e-9 * (1 + abs(totals.mean_score))
