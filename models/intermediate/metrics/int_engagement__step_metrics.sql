{{ config(pre_hook=before_begin("{{ fit_custom_metrics() }}")) }}
{{ built_by_customer_and_period(
    'pending', day='in_force_on', of_periods='previous_period_end is not null'
) }}
{%- set metrics = metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
{%- set own_metrics = custom_metrics().keys() | list -%}
with window_metrics as (

    select * from {{ ref('int_engagement__window_metrics') }}
    where not has_own_period

),

attitudes as (

    select * from {{ ref('int_engagement__period_attitudes') }}
    where not has_own_period

),

survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where
        reject_reason is null
        and copy_number = 1
        and {{ is_pending_customer('customer_id') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and status != 'challenger'

),

score_metrics as (

    select * from {{ ref('config_engagement__score_metrics') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where previous_period_end is not null

),

-- Of the explained periods and those before them: all would be kept for the three that ask.
customer_metrics as (

    select *
    from {{ ref('int_engagement__customer_metrics') }}
    where period_end >= (select min(periods.previous_period_end) from periods)

),

pending_periods as (

    select
        customer_id,
        period_index,
        period_end
    from {{ ref('int_engagement__customer_periods') }}
    where is_pending and previous_period_end is not null

),

respondents as (

    select distinct
        survey_responses.customer_id,
        periods.period_index
    from survey_responses
    inner join periods
        on
            survey_responses.responded_on > periods.previous_period_end
            and survey_responses.responded_on <= periods.period_end
    {%- if own_metrics %}

    union distinct

    -- Who has another value of an own metric than in the period before.
    select
        customer_metrics.customer_id,
        customer_metrics.period_index
    from customer_metrics
    inner join periods
        on customer_metrics.period_index = periods.period_index
    inner join customer_metrics as previous_metrics
        on
            customer_metrics.customer_id = previous_metrics.customer_id
            and customer_metrics.window_periods = previous_metrics.window_periods
            and periods.previous_period_end = previous_metrics.period_end
    where
        {%- for metric in own_metrics %}
        {{ 'or ' if not loop.first }}
        {{- 'customer_metrics.' ~ metric }} is distinct from previous_metrics.{{ metric }}
        {%- endfor %}
    {%- endif %}

),

-- On a relative scale the answers of others move a customer too.
relative_metrics as (

    select count(*) > 0 as has_relative_metrics
    from score_metrics
    where scaling = 'percentile'

),

-- A new version of a score model looks at the period before.
version_starts as (

    select distinct
        score_models.window_periods,
        periods.period_end,
        periods.previous_period_end
    from score_models
    inner join periods
        on
            score_models.valid_from > periods.previous_period_end
            and score_models.valid_from <= periods.period_end

),

final as (

    select
        customer_metrics.customer_id,
        customer_metrics.window_periods,
        customer_metrics.period_index,
        customer_metrics.period_end,
        'new_version' as step,
        customer_metrics.is_known,
        customer_metrics.exposed_days,
        customer_metrics.is_new,
        customer_metrics.engaged_interactions,
        {%- for metric in metrics %}
        customer_metrics.{{ metric }},
        {%- endfor %}
        version_starts.period_end as in_force_on
    from customer_metrics
    inner join version_starts
        on
            customer_metrics.window_periods = version_starts.window_periods
            and customer_metrics.period_end = version_starts.previous_period_end
    inner join pending_periods
        on
            customer_metrics.customer_id = pending_periods.customer_id
            and version_starts.period_end = pending_periods.period_end

    union all

    -- The day moves on, and of the period itself nothing counts. A customer who was not there the
    -- period before has no change to explain.
    select
        window_metrics.customer_id,
        window_metrics.window_periods,
        window_metrics.period_index,
        window_metrics.period_end,
        'window_moved' as step,
        window_metrics.is_known,
        window_metrics.exposed_days,
        window_metrics.is_new,
        window_metrics.engaged_interactions,
        {%- for metric in metrics %}
        {{ 'previous_metrics' if metric in own_metrics else 'window_metrics' }}.{{ metric }},
        {%- endfor %}
        window_metrics.period_end as in_force_on
    from window_metrics
    inner join periods
        on window_metrics.period_index = periods.period_index
    inner join customer_metrics as previous_metrics
        on
            window_metrics.customer_id = previous_metrics.customer_id
            and window_metrics.window_periods = previous_metrics.window_periods
            and periods.previous_period_end = previous_metrics.period_end

    union all

    select
        customer_metrics.customer_id,
        customer_metrics.window_periods,
        customer_metrics.period_index,
        customer_metrics.period_end,
        'new_interactions' as step,
        customer_metrics.is_known,
        customer_metrics.exposed_days,
        customer_metrics.is_new,
        customer_metrics.engaged_interactions,
        {%- for metric in metrics %}
        {%- set facts = metric_catalog()[metric] %}
        {%- if facts['is_custom'] %}
        previous_metrics.{{ metric }},
        {%- elif facts['dimension'] == 'attitudinal' %}
        attitudes.{{ metric }},
        {%- else %}
        customer_metrics.{{ metric }},
        {%- endif %}
        {%- endfor %}
        customer_metrics.period_end as in_force_on
    from customer_metrics
    inner join periods
        on customer_metrics.period_index = periods.period_index
    inner join pending_periods
        on
            customer_metrics.customer_id = pending_periods.customer_id
            and customer_metrics.period_index = pending_periods.period_index
    cross join relative_metrics
    left join respondents
        on
            customer_metrics.customer_id = respondents.customer_id
            and customer_metrics.period_index = respondents.period_index
    left join attitudes
        on
            customer_metrics.customer_id = attitudes.customer_id
            and customer_metrics.period_index = attitudes.period_index
    {%- if own_metrics %}
    left join customer_metrics as previous_metrics
        on
            customer_metrics.customer_id = previous_metrics.customer_id
            and customer_metrics.window_periods = previous_metrics.window_periods
            and periods.previous_period_end = previous_metrics.period_end
    {%- endif %}
    where
        respondents.customer_id is not null
        or relative_metrics.has_relative_metrics

)

select * from final
