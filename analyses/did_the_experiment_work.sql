-- Every variant against its control: may it be read, what is the lift, and does it hold for a
-- daily look.
select
    experiment_id,
    variant,
    outcome,
    status,
    verdict,
    sequential_verdict,
    customers,
    round(control_mean, 2) as control_mean,
    round(lift, 2) as lift,
    round(lift_low, 2) as lift_low,
    round(lift_high, 2) as lift_high,
    round(corrected_p_value, 4) as corrected_p_value,
    round(corrected_sequential_p_value, 4) as corrected_sequential_p_value,
    round(variance_ratio, 2) as variance_ratio
from {{ ref('engagement_experiments') }}
where status != 'control'
order by
    experiment_id,
    outcome,
    variant
