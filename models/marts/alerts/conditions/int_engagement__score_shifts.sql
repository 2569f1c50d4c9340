with customers as (

    select * from {{ ref('int_engagement__watched_customers') }}
    where is_watched

),

-- Inactive customers do not move: the median is over those whose score changed.
period_medians as (

    select
        period_index,
        period_end,
        month_before_end,
        is_rescored,
        count(nullif(score_change, 0)) as moved_customers,
        percentile_cont(0.5) within group (order by nullif(score_change, 0)) as median_change
    from customers
    group by
        period_index,
        period_end,
        month_before_end,
        is_rescored

),

period_shifts as (

    select
        *,
        case when moved_customers >= {{ fewest_in_a_shift() }} then median_change else 0 end
            as shift
    from period_medians

),

final as (

    select
        period_index,
        period_end,
        month_before_end,
        is_rescored,
        moved_customers,
        shift,
        abs(shift) >= {{ var('alert_global_points', 5) }} as is_global
    from period_shifts

)

select * from final
