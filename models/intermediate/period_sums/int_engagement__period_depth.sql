with interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}
    where {{ is_pending_customer('customer_id') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}
    where {{ is_pending_customer('customer_id') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

type_periods as (

    select distinct
        activity_days.customer_id,
        activity_days.activity_type,
        periods.period_index
    from activity_days
    inner join periods
        on {{ period_end('activity_days.occurred_on') }} = periods.period_end
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    where {{ is_engaged('activity_types') }}

),

type_neighbours as (

    select
        customer_id,
        period_index,
        lag(period_index) over (
            partition by customer_id, activity_type order by period_index
        ) as previous_period_index,
        lead(period_index) over (
            partition by customer_id, activity_type order by period_index
        ) as next_period_index
    from type_periods

),

-- A distinct count over a moving window is a running sum: a type enters the window with the first
-- period in which it occurs, and leaves a whole window after the last. Exact for any number.
type_changes as (

    {% for window_periods in score_windows() -%}
    select
        customer_id,
        {{ window_periods }} as window_periods,
        period_index,
        1 as types_change,
        0 as types_left
    from type_neighbours
    where
        previous_period_index is null
        or period_index - previous_period_index >= {{ window_periods }}

    union all

    select
        customer_id,
        {{ window_periods }} as window_periods,
        period_index + {{ window_periods }} as period_index,
        -1 as types_change,
        1 as types_left
    from type_neighbours
    where
        next_period_index is null
        or next_period_index - period_index >= {{ window_periods }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

sessions as (

    -- A session counts in the period in which it begins.
    select
        interactions.customer_id,
        interactions.session_id,
        min(interactions.occurred_on) as started_on,
        count(*) as interactions,
        max(
            case when activity_types.role in ('conversion', 'purchase') then 1 else 0 end
        ) as has_conversion
    from interactions
    left join activity_types
        on interactions.activity_type = activity_types.activity_type
    where
        interactions.session_id is not null
        and {{ is_engaged('activity_types') }}
    group by
        interactions.customer_id,
        interactions.session_id

),

session_periods as (

    select
        sessions.customer_id,
        periods.period_index,
        count(*) as sessions,
        sum(sessions.interactions) as session_interactions,
        sum(sessions.has_conversion) as converting_sessions
    from sessions
    inner join periods
        on {{ period_end('sessions.started_on') }} = periods.period_end
    group by
        sessions.customer_id,
        periods.period_index

),

depth_parts as (

    select
        customer_id,
        window_periods,
        period_index,
        types_change,
        types_left,
        0 as sessions,
        0 as session_interactions,
        0 as converting_sessions
    from type_changes
    {% for window_periods in score_windows() %}
    union all

    select
        customer_id,
        {{ window_periods }} as window_periods,
        period_index,
        0 as types_change,
        0 as types_left,
        sessions,
        session_interactions,
        converting_sessions
    from session_periods
    {% endfor %}
)

select
    customer_id,
    window_periods,
    period_index,
    cast(sum(types_change) as {{ dbt.type_int() }}) as types_change,
    cast(sum(types_left) as {{ dbt.type_int() }}) as types_left,
    cast(sum(sessions) as {{ dbt.type_int() }}) as sessions,
    cast(sum(session_interactions) as {{ dbt.type_int() }}) as session_interactions,
    cast(sum(converting_sessions) as {{ dbt.type_int() }}) as converting_sessions
from depth_parts
group by
    customer_id,
    window_periods,
    period_index
