-- The segments that moved the mean score of everybody most over the last 13 periods, by their
-- parts in the change.
with periods as (

    select
        period_end,
        row_number() over (order by period_end desc) as period_number
    from {{ ref('engagement_segments') }}
    where segment_column = 'all'
    group by period_end

)

select
    segments.segment_column,
    segments.segment,
    round(sum(segments.within_change), 2) as own_scores_moved,
    round(sum(segments.mix_change), 2) as size_moved,
    round(sum(segments.within_change + segments.mix_change), 2) as moved_the_total,
    max(case when periods.period_number = 1 then segments.customers end) as customers,
    round(max(case when periods.period_number = 1 then segments.mean_score end), 1) as mean_score,
    max(case when periods.period_number = 1 then segments.trend end) as trend
from {{ ref('engagement_segments') }} as segments
inner join periods
    on segments.period_end = periods.period_end
where
    periods.period_number <= 13
    and segments.segment_column not in ('all', 'band')
group by
    segments.segment_column,
    segments.segment
order by
    abs(sum(segments.within_change + segments.mix_change)) desc,
    segments.segment_column asc,
    segments.segment asc
limit 12
