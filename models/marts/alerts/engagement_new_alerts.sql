{{ config(materialized='view', grants=marts_grants()) }}
with alerts as (

    select * from {{ ref('engagement_alerts') }}

),

new_alerts as (

    select * from {{ ref('int_engagement__new_alerts') }}

)

select
    -- ids
    company,
    alert_id,
    load_number,
    period_end,
    kind,
    subject_type,
    subject,
    customer_id,
    score_model,
    version,

    -- whom it concerns, and how much
    owner,
    severity,
    size,
    alert_rank,
    is_below_line,
    is_late,

    -- what happened, and what to do
    score,
    previous_score,
    band,
    previous_band,
    component,
    reason,
    recommended_action
from alerts
where alert_id in (select new_alerts.alert_id from new_alerts)
