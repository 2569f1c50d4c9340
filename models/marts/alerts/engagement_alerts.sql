-- Appended to and never rebuilt: it alone knows what was published. An alert that later data would
-- not raise stays.
{{ config(
    grants=marts_grants(),
    materialized='incremental',
    on_schema_change='append_new_columns',
    full_refresh=false,
    post_hook="{{ customer_engagement.forget_excluded_customers(this) }}",
) }}
{{ depends_on('int_engagement__excluded_customers') }}
with new_alerts as (

    select * from {{ ref('int_engagement__new_alerts') }}

),

unpublished as (

    select new_alerts.*
    from new_alerts
    {% if is_incremental() -%}
    left join {{ this }} as published
        on new_alerts.alert_id = published.alert_id
    where published.alert_id is null
    {% endif %}
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
from unpublished
