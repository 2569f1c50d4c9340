-- What was published and is no longer so: by load and kind, how many scores, how far, and how far
-- back.
select
    load_number,
    kind,
    sum(customers) as scores,
    min(period_end) as earliest_period_end,
    max(period_end) as latest_period_end,
    round(avg(abs(restated_score - published_score)), 2) as mean_difference,
    round(max(abs(restated_score - published_score)), 2) as largest_difference
from {{ ref('engagement_restatements') }}
group by
    load_number,
    kind
order by
    load_number desc,
    scores desc
