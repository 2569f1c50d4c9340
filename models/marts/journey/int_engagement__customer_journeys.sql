{%- set stages = journey_stages() -%}
with score_trends as (

    select * from {{ ref('int_engagement__score_trends') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

customer_scope as (

    select * from {{ ref('int_engagement__customer_scope') }}

),

activity_starts as (

    select * from {{ ref('int_engagement__customer_activity_starts') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

-- Exposures, cancellations and refunds reach no stage.
activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where is_engaged

),

stages as (

    {% for stage in stages -%}
    select
        {{ loop.index }} as stage_number,
        {{ text_literal(stage) }} as journey_stage
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

latest_period as (

    select
        period_end,
        data_first_day
    from periods
    where is_latest

),

-- The latest score of everybody in scope, scored or not.
latest_scores as (

    select
        score_trends.customer_id,
        score_trends.period_end,
        score_trends.score,
        coalesce(score_trends.trend = 'declining', false) as is_falling
    from score_trends
    inner join latest_period
        on score_trends.period_end = latest_period.period_end

),

first_days_by_customer as (

    select
        activity_starts.customer_id,
        {%- for stage in stages %}
        min(case when stages.stage_number = {{ loop.index }} then activity_starts.first_on end)
            as did_on_{{ loop.index }},
        min(case when stages.stage_number >= {{ loop.index }} then activity_starts.first_on end)
            as reached_on_{{ loop.index }},
        {%- endfor %}
        max(stages.stage_number) as furthest_stage
    from activity_starts
    inner join activity_types
        on activity_starts.activity_type = activity_types.activity_type
    inner join stages
        on activity_types.journey_stage = stages.journey_stage
    group by activity_starts.customer_id

),

-- The engaged days of customers whose score is falling.
falling_days as (

    select
        activity_days.customer_id,
        activity_types.touchpoint,
        activity_days.last_occurred_at
    from activity_days
    inner join latest_scores
        on
            activity_days.customer_id = latest_scores.customer_id
            and latest_scores.is_falling
            and activity_days.occurred_on <= latest_scores.period_end
    inner join activity_types
        on activity_days.activity_type = activity_types.activity_type

),

last_moments_by_customer as (

    select
        customer_id,
        max(last_occurred_at) as last_occurred_at
    from falling_days
    group by customer_id

),

last_touchpoints_by_customer as (

    select
        falling_days.customer_id,
        min(falling_days.touchpoint) as touchpoint
    from falling_days
    inner join last_moments_by_customer
        on
            falling_days.customer_id = last_moments_by_customer.customer_id
            and falling_days.last_occurred_at = last_moments_by_customer.last_occurred_at
    group by falling_days.customer_id

),

journeys as (

    select
        latest_scores.customer_id,
        latest_scores.period_end,
        latest_scores.score,
        latest_scores.is_falling,
        last_touchpoints_by_customer.touchpoint as last_touchpoint,
        case
            when customer_scope.in_scope_from < latest_period.data_first_day then 'earlier'
            else substring(cast(customer_scope.in_scope_from as {{ dbt.type_string() }}), 1, 7)
        end as entry_month,
        -- What customers did before the data begin is unknown, and so is how long it took.
        case
            when customer_scope.in_scope_from >= latest_period.data_first_day
                then customer_scope.in_scope_from
        end as did_on_0,
        coalesce(customer_scope.in_scope_from >= latest_period.data_first_day, false) as is_timed,
        {%- for stage in stages %}
        first_days_by_customer.did_on_{{ loop.index }},
        first_days_by_customer.reached_on_{{ loop.index }},
        {%- endfor %}
        coalesce(first_days_by_customer.furthest_stage, 0) as furthest_stage
    from latest_scores
    cross join latest_period
    inner join customer_scope
        on latest_scores.customer_id = customer_scope.customer_id
    left join first_days_by_customer
        on latest_scores.customer_id = first_days_by_customer.customer_id
    left join last_touchpoints_by_customer
        on latest_scores.customer_id = last_touchpoints_by_customer.customer_id

),

-- A step takes time only where the stage before it was done first: others skipped that stage.
final as (

    select
        {%- for stage in stages %}
        {%- set did_before = 'did_on_' ~ (loop.index - 1) %}
        {%- set reached = 'reached_on_' ~ loop.index %}
        case
            when is_timed and {{ did_before }} <= {{ reached }}
                then {{ days_between(did_before, reached) }}
        end as days_to_{{ loop.index }},
        {%- endfor %}
        *
    from journeys

)

select * from final
