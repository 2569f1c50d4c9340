{{ config(grants=marts_grants()) }}
with experiments as (

    select * from {{ ref('scoring_engagement__experiments') }}

),

latest_period as (

    select
        period_end,
        is_partial
    from {{ ref('int_engagement__scoring_periods') }}
    where is_latest

),

final as (

    select
        -- ids
        experiments.experiment_id,
        experiments.variant,
        experiments.outcome,
        latest_period.period_end,

        -- whether it can be trusted
        experiments.status,
        experiments.sample_ratio_check,
        experiments.sample_ratio_p_value,
        experiments.unmeasured_check,
        experiments.unmeasured_p_value,
        latest_period.is_partial as is_partial_period,

        -- customers
        experiments.customers,
        experiments.measured_customers,
        experiments.covered_customers,

        -- result
        experiments.verdict,
        experiments.mean,
        experiments.control_mean,
        experiments.adjusted_lift as lift,
        experiments.adjusted_low as lift_low,
        experiments.adjusted_high as lift_high,
        experiments.adjusted_lift / nullif(experiments.control_mean, 0) as relative_lift,
        experiments.standardised_lift,
        experiments.adjusted_p_value as p_value,
        experiments.corrected_p_value,

        -- valid at every look
        experiments.sequential_p_value,
        experiments.corrected_sequential_p_value,
        experiments.sequential_verdict,

        -- without variance reduction
        experiments.lift as plain_lift,
        experiments.lift_low as plain_lift_low,
        experiments.lift_high as plain_lift_high,
        experiments.p_value as plain_p_value,
        experiments.variance_ratio
    from experiments
    cross join latest_period

)

select * from final
