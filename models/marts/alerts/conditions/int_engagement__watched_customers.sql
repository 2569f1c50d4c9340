{%- set horizon = alert_horizon() -%}
with trends as (

    select * from {{ ref('int_engagement__score_trends') }}

),

customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

periods as (

    select * from {{ ref('int_engagement__alert_periods') }}

),

customer_periods as (

    select
        trends.customer_id,
        trends.score_model,
        trends.version,
        trends.period_end,
        trends.score,
        trends.band,
        trends.settled_band,
        trends.previous_settled_band,
        trends.change_month,
        periods.period_index,
        periods.period_days,
        periods.month_before_end,
        periods.is_rescored,
        periods.has_conditions,
        -- A window is filled by data, not by the days before there were any.
        periods.period_index
        - (periods.first_data_index + score_models.window_periods - 1) as periods_since_filled,
        customer_metrics.exposed_days
        >= least({{ 2 * horizon }}, score_models.window_periods) * {{ fewest_period_days() }}
            as is_exposed,
        customer_metrics.recency_days,
        customer_metrics.usual_gap_days,
        {{ silent_from_days('customer_metrics.usual_gap_days') }} as silent_from_days
    from trends
    inner join periods
        on trends.period_end = periods.period_end
    inner join score_models
        on
            trends.score_model = score_models.score_model
            and trends.version = score_models.version
    left join customer_metrics
        on
            trends.customer_id = customer_metrics.customer_id
            and trends.period_end = customer_metrics.period_end
            and score_models.window_periods = customer_metrics.window_periods

),

final as (

    select
        -- ids
        customer_id,
        score_model,
        version,
        period_index,
        period_end,
        month_before_end,
        is_rescored,
        has_conditions,
        has_conditions and periods_since_filled >= 0 as is_watched,

        -- score
        score,
        band,
        settled_band,
        previous_settled_band,
        is_exposed,
        is_exposed and periods_since_filled >= {{ horizon }} as is_comparable,
        case when is_exposed and periods_since_filled >= {{ horizon }} then change_month end
            as score_change,

        -- activity
        period_days,
        recency_days,
        usual_gap_days,
        silent_from_days,
        coalesce(recency_days >= silent_from_days, false) as is_silent,
        coalesce(recency_days < period_days, false) as is_active
    from customer_periods

)

select * from final
