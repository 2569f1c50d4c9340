{{ config(grants=marts_grants()) }}
{%- set stages = journey_stages() -%}
{%- set min_customers = min_segment_size() -%}
with score_trends as (

    select * from {{ ref('int_engagement__score_trends') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

customer_scope as (

    select * from {{ ref('int_engagement__customer_scope') }}

),

customer_segments as (

    select * from {{ ref('int_engagement__customer_segments') }}

),

activity_starts as (

    select * from {{ ref('int_engagement__customer_activity_starts') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

-- What is done to a customer, a cancellation and a refund reach no stage.
activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where is_engaged

),

stages as (

    select
        0 as stage_number,
        'entered' as journey_stage
    {%- for stage in stages %}
    union all
    select
        {{ loop.index }} as stage_number,
        {{ text_literal(stage) }} as journey_stage
    {%- endfor %}

),

latest_period as (

    select
        period_end,
        data_first_day
    from periods
    where is_latest

),

-- The score as it stands now: of everybody in scope, scored or not.
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

first_days as (

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

-- Where those whose score falls were seen last.
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

last_moments as (

    select
        customer_id,
        max(last_occurred_at) as last_occurred_at
    from falling_days
    group by customer_id

),

last_seen as (

    select
        falling_days.customer_id,
        min(falling_days.touchpoint) as touchpoint
    from falling_days
    inner join last_moments
        on
            falling_days.customer_id = last_moments.customer_id
            and falling_days.last_occurred_at = last_moments.last_occurred_at
    group by falling_days.customer_id

),

customers as (

    select
        latest_scores.customer_id,
        latest_scores.period_end,
        latest_scores.score,
        latest_scores.is_falling,
        last_seen.touchpoint as last_touchpoint,
        case
            when customer_scope.in_scope_from < latest_period.data_first_day then 'earlier'
            else substring(cast(customer_scope.in_scope_from as {{ dbt.type_string() }}), 1, 7)
        end as entry_month,
        -- What came first before the data began is not known, and neither is how long it took.
        case
            when customer_scope.in_scope_from >= latest_period.data_first_day
                then customer_scope.in_scope_from
        end as did_on_0,
        coalesce(customer_scope.in_scope_from >= latest_period.data_first_day, false) as is_timed,
        {%- for stage in stages %}
        first_days.did_on_{{ loop.index }},
        first_days.reached_on_{{ loop.index }},
        {%- endfor %}
        coalesce(first_days.furthest_stage, 0) as furthest_stage
    from latest_scores
    cross join latest_period
    inner join customer_scope
        on latest_scores.customer_id = customer_scope.customer_id
    left join first_days
        on latest_scores.customer_id = first_days.customer_id
    left join last_seen
        on latest_scores.customer_id = last_seen.customer_id

),

-- A step takes time of those who did the stage before first: others skipped it.
timed as (

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
    from customers

),

in_segments as (

    {{ in_every_segment('timed') | indent(4) }}

),

members as (

    select
        in_segments.*,
        in_segments.entry_month as cohort
    from in_segments

    union all

    select
        in_segments.*,
        'all' as cohort
    from in_segments

),

cells as (

    select
        segment_column,
        segment,
        cohort,
        period_end,
        {%- for stage in stages %}
        count(did_on_{{ loop.index }}) as did_{{ loop.index }},
        count(reached_on_{{ loop.index }}) as reached_{{ loop.index }},
        count(days_to_{{ loop.index }}) as timed_{{ loop.index }},
        percentile_cont(0.5) within group (order by days_to_{{ loop.index }})
            as median_days_{{ loop.index }},
        {%- endfor %}
        count(*) as customers
    from members
    group by
        segment_column,
        segment,
        cohort,
        period_end

),

-- One row per stage: everybody has entered.
reached as (

    select
        segment_column,
        segment,
        cohort,
        period_end,
        customers,
        0 as stage_number,
        'entered' as journey_stage,
        customers as did_customers,
        customers as reached_customers,
        cast(null as {{ dbt.type_bigint() }}) as customers_before,
        0 as timed_customers,
        cast(null as double) as median_days
    from cells
    {%- for stage in stages %}

    union all

    select
        segment_column,
        segment,
        cohort,
        period_end,
        customers,
        {{ loop.index }} as stage_number,
        {{ text_literal(stage) }} as journey_stage,
        did_{{ loop.index }} as did_customers,
        reached_{{ loop.index }} as reached_customers,
        {{ 'customers' if loop.first else 'reached_' ~ (loop.index - 1) }} as customers_before,
        timed_{{ loop.index }} as timed_customers,
        median_days_{{ loop.index }} as median_days
    from cells
    {%- endfor %}

),

stopped as (

    select
        segment_column,
        segment,
        cohort,
        furthest_stage as stage_number,
        count(*) as stopped_customers,
        count(score) as scored_customers,
        {{ exact_sum('score') }} / nullif(count(score), 0) as mean_score,
        count(case when is_falling then 1 end) as falling_customers
    from members
    group by
        segment_column,
        segment,
        cohort,
        furthest_stage

),

last_touchpoints as (

    select
        segment_column,
        segment,
        cohort,
        furthest_stage as stage_number,
        last_touchpoint,
        row_number() over (
            partition by segment_column, segment, cohort, furthest_stage
            order by count(*) desc, last_touchpoint asc
        ) as place
    from members
    where is_falling and last_touchpoint is not null
    group by
        segment_column,
        segment,
        cohort,
        furthest_stage,
        last_touchpoint

),

-- Under the least size a mean says what single customers are.
told as (

    select
        reached.*,
        coalesce(stopped.stopped_customers, 0) as stopped_customers,
        coalesce(stopped.falling_customers, 0) as falling_customers,
        case when reached.timed_customers >= {{ min_customers }} then reached.median_days end
            as told_median_days,
        case when stopped.scored_customers >= {{ min_customers }} then stopped.mean_score end
            as mean_score,
        case
            when stopped.scored_customers >= {{ min_customers }}
                then last_touchpoints.last_touchpoint
        end as falling_touchpoint
    from reached
    left join stopped
        on
            reached.segment_column = stopped.segment_column
            and reached.segment = stopped.segment
            and reached.cohort = stopped.cohort
            and reached.stage_number = stopped.stage_number
    left join last_touchpoints
        on
            reached.segment_column = last_touchpoints.segment_column
            and reached.segment = last_touchpoints.segment
            and reached.cohort = last_touchpoints.cohort
            and reached.stage_number = last_touchpoints.stage_number
            and last_touchpoints.place = 1

),

final as (

    select
        -- ids
        journey_stage,
        segment_column,
        segment,
        cohort,
        period_end,
        cast(stage_number as {{ dbt.type_int() }}) as stage_number,

        -- who came here
        customers,
        reached_customers,
        did_customers,
        cast(reached_customers as double) / customers as reached_rate,
        cast(reached_customers as double) / nullif(customers_before, 0) as step_conversion_rate,
        told_median_days as median_days_from_previous,

        -- who went no further
        stopped_customers,
        mean_score,
        mean_score - lag(mean_score) over (
            partition by segment_column, segment, cohort order by stage_number
        ) as score_step,
        falling_customers,
        falling_touchpoint
    from told

)

select * from final
