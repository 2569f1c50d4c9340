{{ config(grants=marts_grants()) }}
{%- set dimensions = ['behavioural', 'attitudinal', 'transactional', 'advocacy'] -%}
{%- set measures = badge_measures() or ['score'] -%}
{%- set own_measures = measures | select('in', standing_measures()) | list -%}
{%- set metric_measures = measures | reject('in', standing_measures()) | list -%}
{#- Periods in which a day of gaming is still told of. -#}
{%- set gaming_periods = 4 -%}
with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

period_events as (

    select * from {{ ref('int_engagement__period_events') }}

),

latest_period as (

    select
        periods.period_end,
        periods.period_index,
        period_events.external_events
    from periods
    left join period_events
        on periods.period_end = period_events.period_end
    where periods.is_latest

),

contributions as (

    select * from {{ ref('engagement_contributions') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

score_overrides as (

    select * from {{ ref('int_engagement__score_overrides') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

badge_rules as (

    select * from {{ ref('config_engagement__badge_rules') }}

),

-- Tables of every period are read where they are narrowed: an engine that keeps what two parts ask
-- for would keep all of it.
latest_scores as (

    select scores.*
    from {{ ref('engagement_scores') }} as scores
    inner join latest_period
        on scores.period_end = latest_period.period_end
    where scores.is_champion

),

previous_scores as (

    select
        scores.customer_id,
        scores.score_model,
        scores.score,
        case when scores.score is not null then rank() over (order by scores.score desc) end
            as score_rank
    from {{ ref('engagement_scores') }} as scores
    inner join periods
        on scores.period_end = periods.period_end
    inner join latest_period
        on periods.period_index = latest_period.period_index - 1
    where scores.is_champion

),

ranks as (

    select
        customer_id,
        rank() over (order by score desc) as score_rank,
        percent_rank() over (order by score) as percentile_rank
    from latest_scores
    where score is not null

),

latest_trends as (

    select score_trends.*
    from {{ ref('int_engagement__score_trends') }} as score_trends
    inner join latest_period
        on score_trends.period_end = latest_period.period_end

),

latest_states as (

    select customer_states.*
    from {{ ref('int_engagement__customer_states') }} as customer_states
    inner join latest_period
        on customer_states.period_end = latest_period.period_end

),

-- From the last period in which nothing was done, or from before the first one.
activity_streaks as (

    select
        customer_states.customer_id,
        max(latest_period.period_index) - coalesce(
            max(case when not customer_states.is_active_in_period then periods.period_index end),
            min(periods.period_index) - 1
        ) as activity_streak
    from {{ ref('int_engagement__customer_states') }} as customer_states
    inner join periods
        on customer_states.period_end = periods.period_end
    cross join latest_period
    group by customer_states.customer_id

),

latest_metrics as (

    select
        {%- for metric in metric_measures %}
        customer_metrics.{{ metric }},
        {%- endfor %}
        customer_metrics.customer_id,
        customer_metrics.window_periods
    from {{ ref('int_engagement__customer_metrics') }} as customer_metrics
    inner join latest_period
        on customer_metrics.period_end = latest_period.period_end

),

-- What adjusts a score as a whole is no reason for it.
latest_lines as (

    select
        contributions.customer_id,
        contributions.component,
        contributions.dimension,
        contributions.contribution,
        contributions.applied_weight,
        score_models.aggregation,
        ln(1 + coalesce(contributions.scaled_value, 0)) as log_value,
        -- What the score would gain with the component at its best.
        case
            when contributions.scaled_value is null then -contributions.contribution
            when score_models.aggregation = 'geometric'
                then
                    (1 + latest_scores.raw_score)
                    * (
                        power(
                            101 / (1 + contributions.scaled_value), contributions.applied_weight
                        )
                        - 1
                    )
            else contributions.applied_weight * (100 - contributions.scaled_value)
        end as points_lost
    from contributions
    inner join latest_scores
        on
            contributions.customer_id = latest_scores.customer_id
            and contributions.score_model = latest_scores.score_model
            and contributions.version = latest_scores.version
            and contributions.period_end = latest_scores.period_end
    inner join score_models
        on
            contributions.score_model = score_models.score_model
            and contributions.version = score_models.version
    where
        contributions.dimension != 'adjustment'
        and contributions.component != 'negative_limit'

),

compared_lines as (

    select
        *,
        max(contribution) over (partition by customer_id) as most_contributed,
        max(points_lost) over (partition by customer_id) as most_lost
    from latest_lines

),

explained as (

    select
        {%- for dimension in dimensions %}
        {%- set weight = exact_sum(
            "case when dimension = '" ~ dimension ~ "' then applied_weight end"
        ) %}
        case
            when max(aggregation) = 'geometric'
                then
                    exp(
                        {{ exact_sum(
                            "case when dimension = '" ~ dimension
                            ~ "' then applied_weight * log_value end"
                        ) }}
                        / nullif({{ weight }}, 0)
                    ) - 1
            else
                {{ exact_sum("case when dimension = '" ~ dimension ~ "' then contribution end") }}
                / nullif({{ weight }}, 0)
        end as {{ dimension }}_score,
        {%- endfor %}
        min(
            case when contribution = most_contributed and contribution > 0 then component end
        ) as top_driver_up,
        min(
            case when points_lost = most_lost and points_lost > 0 then component end
        ) as top_driver_down,
        customer_id
    from compared_lines
    group by customer_id

),

-- The attributes in force on the period's end; without valid_from, today's.
attributes as (

    select
        customer_attributes.customer_id,
        customer_attributes.account_id,
        {{ segments_as_json('customer_attributes') }} as segments
    from customer_attributes
    cross join latest_period
    where {{ is_in_force('customer_attributes', 'latest_period.period_end') }}

),

standing as (

    select
        latest_scores.*,
        previous_scores.score as previous_score,
        cast(ranks.score_rank as {{ dbt.type_int() }}) as score_rank,
        ranks.percentile_rank,
        cast(previous_scores.score_rank as {{ dbt.type_int() }}) as previous_score_rank,
        cast(previous_scores.score_rank - ranks.score_rank as {{ dbt.type_int() }}) as rank_change,
        latest_trends.change_4,
        latest_trends.change_13,
        latest_trends.slope,
        latest_trends.noise,
        latest_trends.trend,
        latest_trends.score_streak,
        cast(activity_streaks.activity_streak as {{ dbt.type_int() }}) as activity_streak
    from latest_scores
    left join previous_scores
        on
            latest_scores.customer_id = previous_scores.customer_id
            and latest_scores.score_model = previous_scores.score_model
    left join ranks
        on latest_scores.customer_id = ranks.customer_id
    left join latest_trends
        on latest_scores.customer_id = latest_trends.customer_id
    left join activity_streaks
        on latest_scores.customer_id = activity_streaks.customer_id

),

-- Rates of a few days are no habit yet.
held_against_rules as (

    select
        standing.customer_id,
        badge_rules.badge,
        badge_rules.comparison,
        badge_rules.threshold,
        case badge_rules.measure
            {%- for measure in own_measures %}
            when '{{ measure }}' then cast(standing.{{ measure }} as double)
            {%- endfor %}
            {%- for metric in metric_measures %}
            when '{{ metric }}' then cast(latest_metrics.{{ metric }} as double)
            {%- endfor %}
        end as measured_value
    from standing
    inner join score_models
        on
            standing.score_model = score_models.score_model
            and standing.version = score_models.version
    left join latest_metrics
        on
            standing.customer_id = latest_metrics.customer_id
            and score_models.window_periods = latest_metrics.window_periods
    cross join badge_rules
    where standing.status != 'new'

),

badges as (

    select
        customer_id,
        {{ dbt.listagg('badge', "', '", 'order by badge') }} as badges
    from held_against_rules
    where
        (comparison = 'at_least' and measured_value >= threshold)
        or (comparison = 'at_most' and measured_value <= threshold)
    group by customer_id

),

gaming_window as (

    select
        min(periods.period_start) as first_day,
        max(periods.period_end) as last_day
    from periods
    inner join latest_period
        on periods.period_index > latest_period.period_index - {{ gaming_periods }}

),

gaming_days as (

    select
        activity_days.customer_id,
        activity_days.activity_type,
        activity_days.occurred_on,
        activity_days.interactions,
        row_number() over (
            partition by activity_days.customer_id
            order by
                activity_days.interactions desc,
                activity_days.occurred_on desc,
                activity_days.activity_type asc
        ) as day_number
    from activity_days
    inner join gaming_window
        on activity_days.occurred_on between gaming_window.first_day and gaming_window.last_day
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    where
        {{ is_gaming_day('activity_days', 'activity_types') }}

),

final as (

    select
        -- ids
        standing.customer_id,
        attributes.account_id,
        standing.score_model,
        standing.version,
        standing.period_end,

        -- score
        standing.score,
        standing.raw_score,
        standing.band,
        standing.settled_band,
        case
            when standing.is_just_below_bound
                then
                    {{ dbt.concat([
                        "'shows as '",
                        "cast(round(standing.score, 1) as " ~ dbt.type_string() ~ ")",
                        "' and is under it: stays '",
                        "standing.band",
                    ]) }}
        end as band_note,
        standing.status,
        standing.coverage,
        standing.previous_score,
        standing.score - standing.previous_score as score_change,
        standing.score_rank,
        standing.percentile_rank,
        standing.previous_score_rank,
        standing.rank_change,

        -- trend
        standing.change_4,
        standing.change_13,
        standing.slope,
        standing.noise,
        standing.trend,
        standing.score_streak,
        latest_period.external_events,

        -- rewards
        standing.activity_streak,
        badges.badges,
        gaming_days.customer_id is not null as is_possible_gaming,
        {{ dbt.concat([
            "cast(gaming_days.interactions as " ~ dbt.type_string() ~ ")",
            "' '",
            "gaming_days.activity_type",
            "' on '",
            "cast(gaming_days.occurred_on as " ~ dbt.type_string() ~ ")",
        ]) }} as gaming_reason,

        -- why
        {%- for dimension in dimensions %}
        explained.{{ dimension }}_score,
        {%- endfor %}
        explained.top_driver_up,
        explained.top_driver_down,

        -- set by hand
        standing.is_overridden,
        score_overrides.reason as override_reason,
        score_overrides.author as override_author,
        score_overrides.valid_to as override_valid_to,

        -- segments
        latest_states.purchase_segment,
        latest_states.lifecycle_stage,
        latest_states.satisfaction,
        latest_states.satisfaction_quadrant,
        attributes.segments
    from standing
    cross join latest_period
    left join explained
        on standing.customer_id = explained.customer_id
    left join latest_states
        on standing.customer_id = latest_states.customer_id
    left join badges
        on standing.customer_id = badges.customer_id
    left join gaming_days
        on
            standing.customer_id = gaming_days.customer_id
            and gaming_days.day_number = 1
    left join score_overrides
        on
            standing.customer_id = score_overrides.customer_id
            and standing.score_model = score_overrides.score_model
            and standing.period_end = score_overrides.period_end
    left join attributes
        on standing.customer_id = attributes.customer_id

)

select * from final
