{{ config(grants=marts_grants()) }}
{%- set stages = journey_stages() -%}
{%- set min_customers = min_segment_size() -%}
with journeys as (

    select * from {{ ref('int_engagement__customer_journeys') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

customer_segments as (

    select
        {{- known_segments('customer_attributes') }}
        journeys.customer_id
    from journeys
    left join customer_attributes
        on
            journeys.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'journeys.period_end') }}

),

customers_in_segments as (

    {{ in_segments('customer_segments', attribute_cuts(), ['customer_id']) | indent(4) }}

),

journeys_in_segments as (

    select
        customers_in_segments.segment_column,
        customers_in_segments.segment,
        journeys.*
    from customers_in_segments
    inner join journeys
        on customers_in_segments.customer_id = journeys.customer_id

),

journeys_in_cohorts as (

    select
        *,
        entry_month as cohort
    from journeys_in_segments

    union all

    select
        *,
        'all' as cohort
    from journeys_in_segments

),

cohort_sums as (

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
    from journeys_in_cohorts
    group by
        segment_column,
        segment,
        cohort,
        period_end

),

-- Everybody has entered.
cohort_stages as (

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
    from cohort_sums
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
    from cohort_sums
    {%- endfor %}

),

-- Customers by the furthest stage that they reached.
furthest_stages as (

    select
        segment_column,
        segment,
        cohort,
        furthest_stage as stage_number,
        count(*) as stopped_customers,
        count(score) as scored_customers,
        {{ exact_sum('score') }} / nullif(count(score), 0) as mean_score,
        count(case when is_falling then 1 end) as falling_customers
    from journeys_in_cohorts
    group by
        segment_column,
        segment,
        cohort,
        furthest_stage

),

touchpoint_ranks as (

    select
        segment_column,
        segment,
        cohort,
        furthest_stage as stage_number,
        last_touchpoint,
        row_number() over (
            partition by segment_column, segment, cohort, furthest_stage
            order by count(*) desc, last_touchpoint asc
        ) as touchpoint_rank
    from journeys_in_cohorts
    where is_falling and last_touchpoint is not null
    group by
        segment_column,
        segment,
        cohort,
        furthest_stage,
        last_touchpoint

),

-- A mean of fewer than min_segment_size customers would reveal their scores.
stages_with_scores as (

    select
        cohort_stages.*,
        coalesce(furthest_stages.stopped_customers, 0) as stopped_customers,
        coalesce(furthest_stages.falling_customers, 0) as falling_customers,
        case
            when cohort_stages.timed_customers >= {{ min_customers }}
                then cohort_stages.median_days
        end as median_days_from_previous,
        case
            when furthest_stages.scored_customers >= {{ min_customers }}
                then furthest_stages.mean_score
        end as mean_score,
        case
            when furthest_stages.scored_customers >= {{ min_customers }}
                then touchpoint_ranks.last_touchpoint
        end as falling_touchpoint
    from cohort_stages
    left join furthest_stages
        on
            cohort_stages.segment_column = furthest_stages.segment_column
            and cohort_stages.segment = furthest_stages.segment
            and cohort_stages.cohort = furthest_stages.cohort
            and cohort_stages.stage_number = furthest_stages.stage_number
    left join touchpoint_ranks
        on
            cohort_stages.segment_column = touchpoint_ranks.segment_column
            and cohort_stages.segment = touchpoint_ranks.segment
            and cohort_stages.cohort = touchpoint_ranks.cohort
            and cohort_stages.stage_number = touchpoint_ranks.stage_number
            and touchpoint_ranks.touchpoint_rank = 1

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

        -- customers who came this far
        customers,
        reached_customers,
        did_customers,
        cast(reached_customers as double) / customers as reached_rate,
        cast(reached_customers as double) / nullif(customers_before, 0) as step_conversion_rate,
        median_days_from_previous,

        -- customers who went no further
        stopped_customers,
        mean_score,
        mean_score - lag(mean_score) over (
            partition by segment_column, segment, cohort order by stage_number
        ) as score_step,
        falling_customers,
        falling_touchpoint
    from stages_with_scores

)

select * from final
