{%- set metrics = experiment_metrics() -%}
{%- set activities = experiment_activities() -%}
{%- set null_id = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with participants as (

    select * from {{ ref('int_engagement__experiment_participants') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

participant_periods as (

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
    inner join participant_periods
        on
            scores.customer_id = participant_periods.customer_id
            and scores.period_end = participant_periods.period_end
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    where scores.is_champion

),

customer_metrics as (

    select customer_metrics.*
    from {{ ref('int_engagement__customer_metrics') }} as customer_metrics
    inner join participant_periods
        on
            customer_metrics.customer_id = participant_periods.customer_id
            and customer_metrics.period_end = participant_periods.period_end

),

participants_with_scores as (

    select
        participants.experiment_id,
        participants.customer_id,
        participants.variant,
        scores.score as value,
        scores_before.score as covariate,
        scores_before.customer_id is not null as is_covered,
        -- A version that came into force later measures otherwise than the one to be tested.
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
            -- So does one that was no longer in force when the experiment began.
            and participants.started_on < scores_before.valid_until

),

participants_with_metrics as (

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
-- From the day after the assignment, and over as many days up to it.
activity_counts as (

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
    inner join activity_days
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
final as (

    {% if 'score' in experiment_outcomes() -%}
    select
        experiment_id,
        customer_id,
        variant,
        'score' as outcome,
        value,
        covariate,
        is_version_frozen
    from participants_with_scores

    union all

    select
        experiment_id,
        customer_id,
        variant,
        'score_unscored_as_lowest' as outcome,
        coalesce(value, 0) as value,
        case when is_covered then coalesce(covariate, 0) end as covariate,
        is_version_frozen
    from participants_with_scores

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
    from participants_with_metrics

    union all

    {% endfor -%}
    {% for activity in activities -%}
    select
        participants.experiment_id,
        participants.customer_id,
        participants.variant,
        {{ text_literal('activity:' ~ activity) }} as outcome,
        cast(coalesce(activity_counts.value, 0) as double) as value,
        cast(coalesce(activity_counts.covariate, 0) as double) as covariate,
        true as is_version_frozen
    from participants
    left join activity_counts
        on
            participants.experiment_id = activity_counts.experiment_id
            and participants.customer_id = activity_counts.customer_id
            and activity_counts.activity_type = {{ text_literal(activity) }}

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

)

select * from final
