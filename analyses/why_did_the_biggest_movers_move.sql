-- The ten scores that moved most in the last period, and the parts that add up to each change.
with latest as (

    select max(period_end) as period_end
    from {{ ref('engagement_scores') }}

)

select
    changes.customer_id,
    round(changes.previous_score, 1) as previous_score,
    round(changes.score, 1) as score,
    round(changes.score_change, 1) as score_change,
    round(changes.late_rows, 1) as late_rows,
    round(changes.new_version, 1) as new_version,
    round(changes.window_moved, 1) as window_moved,
    round(changes.new_interactions, 1) as new_interactions,
    round(changes.new_answers, 1) as new_answers,
    round(changes.override, 1) as override,
    changes.moved_by
from {{ ref('engagement_score_changes') }} as changes
inner join latest
    on changes.period_end = latest.period_end
where
    changes.is_champion
    and changes.score_change is not null
order by
    abs(changes.score_change) desc,
    changes.customer_id asc
limit 10
