{%- set metrics = experiment_metrics() -%}
{%- set activities = experiment_activities() -%}
{%- set null_id = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with experiment_assignments as (

    select
        experiment_id,
        customer_id,
        variant,
        {{ to_local_date('assigned_at') }} as assigned_on
    from {{ ref('int_engagement__experiment_assignments_judged') }}
    where reject_reason is null and copy_number = 1

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

latest_period as (

    select period_end from periods
    where is_latest

),

-- Everybody who was assigned before the last day that is looked at, who never came back too.
assigned as (

    select
        experiment_assignments.experiment_id,
        experiment_assignments.customer_id,
        experiment_assignments.variant,
        experiment_assignments.assigned_on,
        latest_period.period_end,
        {{ days_between('experiment_assignments.assigned_on', 'latest_period.period_end') }}
            as days_since,
        min(experiment_assignments.assigned_on) over (
            partition by experiment_assignments.experiment_id
        ) as started_on
    from experiment_assignments
    inner join latest_period
        on experiment_assignments.assigned_on < latest_period.period_end

),

days as (

    select distinct assigned_on from assigned

),

periods_before as (

    select
        days.assigned_on,
        max(periods.period_end) as period_end_before
    from days
    left join periods
        on days.assigned_on > periods.period_end
    group by days.assigned_on

),

participants as (

    select
        assigned.*,
        periods_before.period_end_before
    from assigned
    inner join periods_before
        on assigned.assigned_on = periods_before.assigned_on

),

needed as (

    select
        customer_id,
        period_end
    from participants

    union distinct

    select
        customer_id,
        period_end_before as period_end
    from participants

),

scores as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.score,
        score_models.window_periods,
        score_models.valid_from,
        coalesce(score_models.valid_until, {{ last_date() }}) as valid_until
    from {{ ref('engagement_scores') }} as scores
    inner join needed
        on
            scores.customer_id = needed.customer_id
            and scores.period_end = needed.period_end
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    where scores.is_champion

),

customer_metrics as (

    select customer_metrics.*
    from {{ ref('int_engagement__customer_metrics') }} as customer_metrics
    inner join needed
        on
            customer_metrics.customer_id = needed.customer_id
            and customer_metrics.period_end = needed.period_end

),

scored as (

    select
        participants.experiment_id,
        participants.customer_id,
        participants.variant,
        scores.score as value,
        scores_before.score as covariate,
        scores_before.customer_id is not null as is_covered,
        -- A version that came into force since measures otherwise than what was to be tested.
        coalesce(scores.valid_from, participants.started_on) <= participants.started_on
            as is_version_frozen
    from participants
    left join scores
        on
            participants.customer_id = scores.customer_id
            and participants.period_end = scores.period_end
    left join scores as scores_before
        on
            participants.customer_id = scores_before.customer_id
            and participants.period_end_before = scores_before.period_end
            -- And so did one that was no longer in force when the experiment began.
            and participants.started_on < scores_before.valid_until

),

measured as (

    select
        participants.experiment_id,
        participants.customer_id,
        participants.variant,
        {%- for metric in metrics %}
        cast(metrics_now.{{ metric }} as double) as {{ metric }},
        cast(metrics_before.{{ metric }} as double) as {{ metric }}_before,
        {%- endfor %}
        scores.score_model
    from participants
    left join scores
        on
            participants.customer_id = scores.customer_id
            and participants.period_end = scores.period_end
    left join customer_metrics as metrics_now
        on
            participants.customer_id = metrics_now.customer_id
            and participants.period_end = metrics_now.period_end
            and scores.window_periods = metrics_now.window_periods
    left join customer_metrics as metrics_before
        on
            participants.customer_id = metrics_before.customer_id
            and participants.period_end_before = metrics_before.period_end
            and scores.window_periods = metrics_before.window_periods

),

{% if activities -%}
-- Since the day after the assignment, and for as many days up to it.
counted as (

    select
        participants.experiment_id,
        participants.customer_id,
        activity_days.activity_type,
        sum(
            case
                when activity_days.occurred_on > participants.assigned_on
                    then activity_days.interactions
                else 0
            end
        ) as value,
        sum(
            case
                when activity_days.occurred_on <= participants.assigned_on
                    then activity_days.interactions
                else 0
            end
        ) as covariate
    from participants
    inner join {{ ref('int_engagement__customer_activity_days') }} as activity_days
        on
            participants.customer_id = activity_days.customer_id
            and participants.period_end >= activity_days.occurred_on
    where
        {{ days_between('activity_days.occurred_on', 'participants.assigned_on') }}
        < participants.days_since
        and activity_days.activity_type in (
            {%- for activity in activities %}
            {{ text_literal(activity) }}
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
    group by
        participants.experiment_id,
        participants.customer_id,
        activity_days.activity_type

),

{% endif -%}
outcomes as (

    {% if 'score' in experiment_outcomes() -%}
    select
        experiment_id,
        customer_id,
        variant,
        'score' as outcome,
        value,
        covariate,
        is_version_frozen
    from scored

    union all

    select
        experiment_id,
        customer_id,
        variant,
        'score_unscored_as_lowest' as outcome,
        coalesce(value, 0) as value,
        case when is_covered then coalesce(covariate, 0) end as covariate,
        is_version_frozen
    from scored

    union all

    {% endif -%}
    {% for metric in metrics -%}
    select
        experiment_id,
        customer_id,
        variant,
        '{{ metric }}' as outcome,
        {{ metric }} as value,
        {{ metric }}_before as covariate,
        true as is_version_frozen
    from measured

    union all

    {% endfor -%}
    {% for activity in activities -%}
    select
        participants.experiment_id,
        participants.customer_id,
        participants.variant,
        {{ text_literal('activity:' ~ activity) }} as outcome,
        cast(coalesce(counted.value, 0) as double) as value,
        cast(coalesce(counted.covariate, 0) as double) as covariate,
        true as is_version_frozen
    from participants
    left join counted
        on
            participants.experiment_id = counted.experiment_id
            and participants.customer_id = counted.customer_id
            and counted.activity_type = {{ text_literal(activity) }}

    union all

    {% endfor -%}
    select
        {{ null_id }} as experiment_id,
        {{ null_id }} as customer_id,
        {{ null_id }} as variant,
        {{ null_id }} as outcome,
        cast(null as double) as value,
        cast(null as double) as covariate,
        true as is_version_frozen
    where false

),

ranges as (

    select
        experiment_id,
        outcome,
        min(value) as value_lowest,
        max(value) - min(value) as value_range,
        min(covariate) as covariate_lowest,
        max(covariate) - min(covariate) as covariate_range
    from outcomes
    group by
        experiment_id,
        outcome

),

-- On 0 to 1 of the range, so that 16 decimals hold every outcome's squares, and an outcome that is
-- the same for all is 0 to the last digit.
scaled as (

    select
        outcomes.experiment_id,
        outcomes.outcome,
        outcomes.variant,
        outcomes.is_version_frozen,
        ranges.value_lowest,
        ranges.value_range,
        (outcomes.value - ranges.value_lowest)
        / case when ranges.value_range > 0 then ranges.value_range else 1 end as value,
        (outcomes.covariate - ranges.covariate_lowest)
        / case when ranges.covariate_range > 0 then ranges.covariate_range else 1 end as covariate
    from outcomes
    inner join ranges
        on
            outcomes.experiment_id = ranges.experiment_id
            and outcomes.outcome = ranges.outcome

),

final as (

    select
        -- ids
        experiment_id,
        outcome,
        variant,

        -- customers
        count(*) as customers,
        count(value) as measured_customers,
        count(case when value is not null then covariate end) as covered_customers,

        -- scale
        max(value_lowest) as value_lowest,
        max(value_range) as value_range,

        -- sums over the customers with a value
        {{ exact_sum('value') }} as value_sum,
        {{ exact_sum('value * value') }} as value_square_sum,
        {{ exact_sum('case when value is not null then covariate end') }} as covariate_sum,
        {{ exact_sum('case when value is not null then covariate * covariate end') }}
            as covariate_square_sum,
        {{ exact_sum('value * covariate') }} as product_sum,
        {{ exact_sum('case when covariate is null then value end') }} as uncovered_value_sum,

        -- whether it may be compared
        min(case when is_version_frozen then 1 else 0 end) = 1 as is_variant_frozen
    from scaled
    group by
        experiment_id,
        outcome,
        variant

)

select
    *,
    min(case when is_variant_frozen then 1 else 0 end) over (
        partition by experiment_id, outcome
    ) = 1 as is_version_frozen
from final
