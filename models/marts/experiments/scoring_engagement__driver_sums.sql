{%- set min_customers = var('min_driver_customers', 20) -%}
{%- set days_until_score = first_days_judged_after() + 1 - var('first_action_days', 14) -%}
with score_models as (

    select * from {{ ref('int_engagement__latest_score_models') }}

),

metric_sums as (

    select * from {{ ref('int_engagement__metric_driver_sums') }}

),

first_days_sums as (

    select * from {{ ref('int_engagement__first_days_sums') }}

),

driver_sums as (

    select
        score_model,
        segment_column,
        segment,
        'metric' as driver_type,
        metric as driver,
        applied_weight,
        group_customers,
        other_group_customers,
        customers,
        other_customers,
        mean_value,
        other_mean_value,
        value_variance,
        other_value_variance
    from metric_sums

    union all

    select
        score_model,
        segment_column,
        segment,
        'first_days_action' as driver_type,
        activity_type as driver,
        cast(null as double) as applied_weight,
        group_customers,
        group_customers as other_group_customers,
        customers,
        other_customers,
        mean_value,
        other_mean_value,
        value_variance,
        other_value_variance
    from first_days_sums

),

final as (

    select
        -- ids
        driver_sums.score_model,
        score_models.version,
        score_models.period_end,
        driver_sums.segment_column,
        driver_sums.segment,
        driver_sums.driver_type,
        driver_sums.driver,

        -- the score
        case
            when driver_sums.driver_type = 'metric' then driver_sums.applied_weight > 0
            -- The window of the later score reaches back into the first days.
            else score_models.window_days > {{ days_until_score }}
        end as is_in_score,
        driver_sums.applied_weight,

        -- the two groups
        driver_sums.group_customers,
        driver_sums.other_group_customers,
        driver_sums.customers,
        driver_sums.other_customers,
        driver_sums.mean_value,
        driver_sums.other_mean_value,
        driver_sums.value_variance,
        driver_sums.other_value_variance,
        least(driver_sums.customers, driver_sums.other_customers) >= {{ min_customers }}
            as has_enough_data
    from driver_sums
    inner join score_models
        on driver_sums.score_model = score_models.score_model

)

select * from final
