{%- set metrics = metric_catalog().keys() | list -%}
{%- set sums = ['customers', 'total', 'squares'] -%}
{%- set judged_after = first_days_judged_after() -%}
{%- set first_action_days = var('first_action_days', 14) -%}
{%- set min_customers = var('min_driver_customers', 20) -%}
with scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion and score is not null

),

-- Read apart: what two CTEs share is kept whole, and of the latest period there are few rows.
scores_of_all_periods as (

    select * from {{ ref('engagement_scores') }}
    where is_champion and score is not null

),

contributions as (

    select * from {{ ref('engagement_contributions') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

customer_points as (

    select * from {{ ref('int_engagement__customer_points') }}

),

customer_segments as (

    select * from {{ ref('int_engagement__customer_segments') }}

),

customer_scope as (

    select * from {{ ref('int_engagement__customer_scope') }}

),

activity_starts as (

    select * from {{ ref('int_engagement__customer_activity_starts') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where is_engaged

),

latest_period as (

    select
        period_end,
        period_index,
        data_first_day
    from periods
    where is_latest and is_scored

),

latest_scores as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.score
    from scores
    inner join latest_period
        on scores.period_end = latest_period.period_end

),

latest_points as (

    select
        customer_points.customer_id,
        customer_points.score_model,
        customer_points.version,
        customer_points.points
    from customer_points
    inner join latest_period
        on customer_points.period_end = latest_period.period_end

),

versions_now as (

    select distinct
        latest_scores.score_model,
        latest_scores.version,
        score_models.window_periods,
        score_models.window_days
    from latest_scores
    inner join score_models
        on
            latest_scores.score_model = score_models.score_model
            and latest_scores.version = score_models.version

),

-- What separates the high from the low: metrics.
scored_segments as (

    {{ in_every_segment('latest_scores') | indent(4) }}

),

-- Scores that were added up differently and are equal, are equal.
places as (

    select
        customer_id,
        segment_column,
        segment,
        score_model,
        count(*) over (partition by segment_column, segment, score_model) as customers,
        rank() over (
            partition by segment_column, segment, score_model order by round(score, 9) asc
        ) - 1 as customers_below,
        rank() over (
            partition by segment_column, segment, score_model order by round(score, 9) desc
        ) - 1 as customers_above
    from scored_segments

),

-- A score that stands at a boundary goes outward with all who have it; one that so many have that
-- it would be both low and high, to the side where fewer are beyond.
thirds as (

    select
        *,
        case
            when 3 * customers_below < customers and 3 * customers_above < customers
                then
                    case
                        when customers_below < customers_above then 'low'
                        when customers_below > customers_above then 'high'
                    end
            when 3 * customers_below < customers then 'low'
            when 3 * customers_above < customers then 'high'
        end as third
    from places

),

metric_values as (

    select
        {%- for metric in metrics | reject('equalto', 'decayed_points') %}
        cast(customer_metrics.{{ metric }} as double) as {{ metric }},
        {%- endfor %}
        latest_points.points as decayed_points,
        latest_scores.customer_id,
        latest_scores.score_model
    from latest_scores
    inner join versions_now
        on latest_scores.score_model = versions_now.score_model
    cross join latest_period
    inner join customer_metrics
        on
            latest_scores.customer_id = customer_metrics.customer_id
            and versions_now.window_periods = customer_metrics.window_periods
            and latest_period.period_index = customer_metrics.period_index
    left join latest_points
        on
            latest_scores.customer_id = latest_points.customer_id
            and latest_scores.score_model = latest_points.score_model
            and latest_scores.version = latest_points.version

),

-- A metric that nobody has is off.
ranges as (

    select
        {%- for metric in metrics %}
        min({{ metric }}) as {{ metric }}_lowest,
        max({{ metric }}) - min({{ metric }}) as {{ metric }}_range,
        {%- endfor %}
        score_model
    from metric_values
    group by score_model

),

-- On 0 to 1 of the range, so that 16 decimals hold every metric's squares.
scaled as (

    select
        {%- for metric in metrics %}
        (metric_values.{{ metric }} - ranges.{{ metric }}_lowest)
        / case when ranges.{{ metric }}_range > 0 then ranges.{{ metric }}_range else 1 end
            as {{ metric }},
        {%- endfor %}
        metric_values.customer_id,
        metric_values.score_model
    from metric_values
    inner join ranges
        on metric_values.score_model = ranges.score_model

),

third_sums as (

    select
        thirds.segment_column,
        thirds.segment,
        thirds.score_model,
        thirds.third,
        {%- for metric in metrics %}
        count(scaled.{{ metric }}) as {{ metric }}_customers,
        {{ exact_sum('scaled.' ~ metric) }} as {{ metric }}_total,
        {{ exact_sum('scaled.' ~ metric ~ ' * scaled.' ~ metric) }} as {{ metric }}_squares,
        {%- endfor %}
        count(*) as third_customers
    from thirds
    inner join scaled
        on
            thirds.customer_id = scaled.customer_id
            and thirds.score_model = scaled.score_model
    group by
        thirds.segment_column,
        thirds.segment,
        thirds.score_model,
        thirds.third

),

-- One row per segment, with a column for each third and sum.
sums_side_by_side as (

    select
        {%- for metric in metrics %}
        {%- for sum in sums %}
        max(case when third = 'high' then {{ metric }}_{{ sum }} end)
            as high_{{ metric }}_{{ sum }},
        max(case when third = 'low' then {{ metric }}_{{ sum }} end) as low_{{ metric }}_{{ sum }},
        {%- endfor %}
        {%- endfor %}
        coalesce(max(case when third = 'high' then third_customers end), 0) as high_customers,
        coalesce(max(case when third = 'low' then third_customers end), 0) as low_customers,
        segment_column,
        segment,
        score_model
    from third_sums
    group by
        segment_column,
        segment,
        score_model

),

metric_sums as (

    {% for metric in metrics -%}
    select
        sums_side_by_side.segment_column,
        sums_side_by_side.segment,
        sums_side_by_side.score_model,
        '{{ metric }}' as driver,
        sums_side_by_side.high_customers as group_customers,
        sums_side_by_side.low_customers as other_group_customers,
        {%- for sum in sums %}
        sums_side_by_side.high_{{ metric }}_{{ sum }} as {{ sum }},
        sums_side_by_side.low_{{ metric }}_{{ sum }} as other_{{ sum }},
        {%- endfor %}
        ranges.{{ metric }}_lowest as lowest,
        case when ranges.{{ metric }}_range > 0 then ranges.{{ metric }}_range else 1 end as unit
    from sums_side_by_side
    inner join ranges
        on
            sums_side_by_side.score_model = ranges.score_model
            and ranges.{{ metric }}_lowest is not null
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- The weight that a metric had in the scores of the period, on average.
applied_weights as (

    select
        contributions.score_model,
        contributions.component as metric,
        {{ exact_sum('contributions.applied_weight') }} / count(*) as applied_weight
    from contributions
    inner join latest_period
        on contributions.period_end = latest_period.period_end
    inner join versions_now
        on
            contributions.score_model = versions_now.score_model
            and contributions.version = versions_now.version
    group by
        contributions.score_model,
        contributions.component

),

-- What goes with a high score later: actions of the first days. Who is first seen when the data
-- begin need not be new then.
entries as (

    select
        customer_scope.customer_id,
        customer_scope.in_scope_from,
        {{ period_end(add_days('customer_scope.in_scope_from', judged_after)) }} as period_end
    from customer_scope
    cross join latest_period
    where
        customer_scope.in_scope_from >= latest_period.data_first_day
        and (
            customer_scope.signed_up_on = customer_scope.in_scope_from
            or {{ days_between('latest_period.data_first_day', 'customer_scope.in_scope_from') }}
            >= {{ judged_after }}
        )

),

-- Scores of the version that is in force now alone: another one measures otherwise.
newcomers as (

    select
        entries.customer_id,
        entries.in_scope_from,
        scores.score_model,
        scores.period_end,
        scores.score
    from entries
    inner join scores_of_all_periods as scores
        on
            entries.customer_id = scores.customer_id
            and entries.period_end = scores.period_end
    inner join versions_now
        on
            scores.score_model = versions_now.score_model
            and scores.version = versions_now.version

),

newcomer_segments as (

    {{ in_every_segment('newcomers') | indent(4) }}

),

first_actions as (

    select
        newcomers.customer_id,
        activity_starts.activity_type
    from newcomers
    inner join activity_starts
        on
            newcomers.customer_id = activity_starts.customer_id
            and {{ days_between('newcomers.in_scope_from', 'activity_starts.first_on') }}
            < {{ first_action_days }}
    inner join activity_types
        on activity_starts.activity_type = activity_types.activity_type

),

newcomer_sums as (

    select
        segment_column,
        segment,
        score_model,
        count(*) as customers,
        sum(cast(score as decimal(38, 16))) as total,
        {{ exact_square_sum('score') }} as squares
    from newcomer_segments
    group by
        segment_column,
        segment,
        score_model

),

action_sums as (

    select
        newcomer_segments.segment_column,
        newcomer_segments.segment,
        newcomer_segments.score_model,
        first_actions.activity_type,
        count(*) as customers,
        sum(cast(newcomer_segments.score as decimal(38, 16))) as total,
        {{ exact_square_sum('newcomer_segments.score') }} as squares
    from newcomer_segments
    inner join first_actions
        on newcomer_segments.customer_id = first_actions.customer_id
    group by
        newcomer_segments.segment_column,
        newcomer_segments.segment,
        newcomer_segments.score_model,
        first_actions.activity_type

),

actions as (

    select distinct activity_type
    from first_actions

),

-- Who did not are all but those who did.
first_days_sums as (

    select
        newcomer_sums.segment_column,
        newcomer_sums.segment,
        newcomer_sums.score_model,
        actions.activity_type as driver,
        newcomer_sums.customers as all_customers,
        coalesce(action_sums.customers, 0) as customers,
        newcomer_sums.customers - coalesce(action_sums.customers, 0) as other_customers,
        cast(coalesce(action_sums.total, 0) as double) as total,
        cast(newcomer_sums.total - coalesce(action_sums.total, 0) as double) as other_total,
        cast(coalesce(action_sums.squares, 0) as double) as squares,
        cast(newcomer_sums.squares - coalesce(action_sums.squares, 0) as double) as other_squares
    from newcomer_sums
    cross join actions
    left join action_sums
        on
            newcomer_sums.segment_column = action_sums.segment_column
            and newcomer_sums.segment = action_sums.segment
            and newcomer_sums.score_model = action_sums.score_model
            and actions.activity_type = action_sums.activity_type

),

compared as (

    select
        metric_sums.segment_column,
        metric_sums.segment,
        metric_sums.score_model,
        'metric' as driver_type,
        metric_sums.driver,
        coalesce(applied_weights.applied_weight, 0) as applied_weight,
        metric_sums.group_customers,
        metric_sums.other_group_customers,
        coalesce(metric_sums.customers, 0) as customers,
        coalesce(metric_sums.other_customers, 0) as other_customers,
        metric_sums.total,
        metric_sums.other_total,
        metric_sums.squares,
        metric_sums.other_squares,
        metric_sums.lowest,
        metric_sums.unit
    from metric_sums
    left join applied_weights
        on
            metric_sums.score_model = applied_weights.score_model
            and metric_sums.driver = applied_weights.metric

    union all

    select
        segment_column,
        segment,
        score_model,
        'first_days_action' as driver_type,
        driver,
        cast(null as double) as applied_weight,
        all_customers as group_customers,
        all_customers as other_group_customers,
        customers,
        other_customers,
        total,
        other_total,
        squares,
        other_squares,
        0 as lowest,
        1 as unit
    from first_days_sums

),

final as (

    select
        -- ids
        compared.score_model,
        versions_now.version,
        latest_period.period_end,
        compared.segment_column,
        compared.segment,
        compared.driver_type,
        compared.driver,

        -- the score
        case
            when compared.driver_type = 'metric' then compared.applied_weight > 0
            -- The window of the later score reaches back into the first days.
            else versions_now.window_days > {{ judged_after }} + 1 - {{ first_action_days }}
        end as is_in_score,
        compared.applied_weight,

        -- the two groups
        compared.group_customers,
        compared.other_group_customers,
        compared.customers,
        compared.other_customers,
        compared.lowest + compared.unit * compared.total / nullif(compared.customers, 0)
            as mean_value,
        compared.lowest + compared.unit * compared.other_total / nullif(compared.other_customers, 0)
            as other_mean_value,
        compared.unit * compared.unit
        * {{ variance_of_sums('compared.customers', 'compared.total', 'compared.squares') }}
            as value_variance,
        compared.unit * compared.unit
        * {{ variance_of_sums(
            'compared.other_customers', 'compared.other_total', 'compared.other_squares'
        ) }} as other_value_variance,
        least(compared.customers, compared.other_customers) >= {{ min_customers }}
            as has_enough_data
    from compared
    inner join versions_now
        on compared.score_model = versions_now.score_model
    cross join latest_period

)

select * from final
