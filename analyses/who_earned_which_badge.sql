-- Those with the most badges, with their streaks and how far they climbed since the period before.
select
    customer_id,
    score_rank,
    rank_change,
    round(score, 1) as score,
    activity_streak,
    score_streak,
    badges,
    is_possible_gaming
from {{ ref('customer_engagement') }}
where badges is not null
order by
    length(badges) desc,
    score_rank asc,
    customer_id asc
limit 20
