with activity_days as (

    select * from {{ ref('int_pending_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_activity_types') }}

),

periods as (

    select * from {{ ref('int_scoring_periods') }}

),

days as (

    select
        activity_days.customer_id,
        activity_days.occurred_on,
        max(case when {{ is_engaged('activity_types') }} then 1 else 0 end) as is_active,
        max(
            case when activity_types.role = 'cancellation' then activity_days.last_occurred_at end
        ) as last_cancelled_at,
        max(
            case when activity_types.role = 'renewal' then activity_days.last_occurred_at end
        ) as last_renewed_at
    from activity_days
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    group by
        activity_days.customer_id,
        activity_days.occurred_on

),

active_days as (

    select
        customer_id,
        occurred_on,
        {{ days_between(
            'lag(occurred_on) over (partition by customer_id order by occurred_on)',
            'occurred_on'
        ) }} as gap_days,
        row_number() over (partition by customer_id order by occurred_on) - 1 as gaps
    from days
    where is_active = 1

),

rhythms as (

    select
        customer_id,
        occurred_on,
        gaps,
        {{ running_median('gap_days', 'customer_id', 'occurred_on') }} as median_gap_days
    from active_days

),

-- The rhythm as it stood at the end of each period with an active day.
last_rhythms as (

    select
        rhythms.customer_id,
        periods.period_index,
        rhythms.occurred_on as last_engaged_on,
        rhythms.gaps,
        rhythms.median_gap_days,
        row_number() over (
            partition by rhythms.customer_id, periods.period_index
            order by rhythms.occurred_on desc
        ) as day_number
    from rhythms
    inner join periods
        on {{ period_end('rhythms.occurred_on') }} = periods.period_end

),

contracts as (

    select
        days.customer_id,
        periods.period_index,
        max(days.last_cancelled_at) as last_cancelled_at,
        max(days.last_renewed_at) as last_renewed_at
    from days
    inner join periods
        on {{ period_end('days.occurred_on') }} = periods.period_end
    group by
        days.customer_id,
        periods.period_index

)

select
    contracts.customer_id,
    contracts.period_index,
    last_rhythms.last_engaged_on,
    last_rhythms.gaps,
    last_rhythms.median_gap_days,
    contracts.last_cancelled_at,
    contracts.last_renewed_at
from contracts
left join last_rhythms
    on
        contracts.customer_id = last_rhythms.customer_id
        and contracts.period_index = last_rhythms.period_index
        and last_rhythms.day_number = 1
