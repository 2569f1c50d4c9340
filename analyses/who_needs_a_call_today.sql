-- The alerts of the last scored period that are within the budget, most urgent first: whom, why,
-- and what to do.
with latest as (

    select max(period_end) as period_end
    from {{ ref('engagement_scores') }}

)

select
    alerts.owner,
    alerts.alert_rank,
    alerts.severity,
    alerts.kind,
    alerts.subject,
    alerts.score,
    alerts.reason,
    alerts.recommended_action
from {{ ref('engagement_alerts') }} as alerts
inner join latest
    on alerts.period_end = latest.period_end
where not alerts.is_below_line
order by
    alerts.owner,
    alerts.alert_rank
