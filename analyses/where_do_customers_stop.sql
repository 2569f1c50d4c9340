-- The journey of everybody: how many come to each stage, how long it takes, and who stands still
-- where.
select
    journey_stage,
    customers,
    reached_customers,
    round(reached_rate, 3) as reached_rate,
    round(step_conversion_rate, 3) as step_conversion_rate,
    median_days_from_previous,
    stopped_customers,
    round(mean_score, 1) as mean_score_of_stopped,
    falling_customers,
    falling_touchpoint
from {{ ref('engagement_funnel') }}
where
    segment_column = 'all'
    and cohort = 'all'
order by stage_number
