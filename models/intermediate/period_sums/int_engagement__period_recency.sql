with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}
    where {{ is_pending_customer('customer_id') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

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

days_in_periods as (

    select
        days.*,
        periods.period_index
    from days
    inner join periods
        on {{ period_end('days.occurred_on') }} = periods.period_end

),

active_days as (

    select
        customer_id,
        occurred_on,
        period_index,
        {{ days_between('lag(occurred_on) over so_far', 'occurred_on') }}
            as gap_days,
        row_number() over so_far - 1 as gaps,
        lead(period_index) over so_far as next_active_index
    from days_in_periods
    where is_active = 1
    window so_far as (partition by customer_id order by occurred_on)

),

rhythms as (

    select
        *,
        {{ running_median('gap_days', 'customer_id', 'occurred_on') }} as median_gap_days
    from active_days

),

-- The rhythm as it stood at the end of each period with an active day: that of its last one.
last_rhythms as (

    select
        customer_id,
        period_index,
        occurred_on as last_engaged_on,
        gaps,
        median_gap_days
    from rhythms
    where next_active_index is null or next_active_index > period_index

),

contracts as (

    select
        customer_id,
        period_index,
        max(last_cancelled_at) as last_cancelled_at,
        max(last_renewed_at) as last_renewed_at
    from days_in_periods
    group by
        customer_id,
        period_index

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
