{{ config(pre_hook=before_begin("{{ fit_custom_metrics() }}")) }}
{{ built_by_customer_and_period(
    'pending', day='in_force_on', of_periods='previous_period_end is not null'
) }}
{%- set metrics = metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
{%- set own_metrics = custom_metrics().keys() | list -%}
with frequency as (

    select * from {{ ref('int_engagement__period_frequency') }}

),

period_recency as (

    select * from {{ ref('int_engagement__period_recency') }}

),

period_depth as (

    select * from {{ ref('int_engagement__period_depth') }}

),

period_transactions as (

    select * from {{ ref('int_engagement__period_transactions') }}

),

attitudes as (

    select * from {{ ref('int_engagement__step_attitudes') }}

),

survey_responses as (

    select * from {{ ref('int_engagement__pending_responses') }}

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

-- The last period that no window of an explained period reaches. What a customer did until then
-- counts since ever alone: it is folded into one row, so that a long history costs little here.
folds as (

    select coalesce(min(period_index) - {{ score_windows() | max }}, 0) as period_index
    from periods

),

folding_recency as (

    select
        period_recency.*,
        greatest(period_recency.period_index, folds.period_index) as folded_index,
        row_number() over (
            partition by
                period_recency.customer_id,
                greatest(period_recency.period_index, folds.period_index)
            order by
                case when period_recency.median_gap_days is null then 1 else 0 end asc,
                period_recency.period_index desc
        ) as rhythm_number
    from period_recency
    cross join folds

),

recency as (

    select
        customer_id,
        folded_index as period_index,
        max(last_engaged_on) as last_engaged_on,
        max(gaps) as gaps,
        max(case when rhythm_number = 1 then median_gap_days end) as median_gap_days,
        max(last_cancelled_at) as last_cancelled_at,
        max(last_renewed_at) as last_renewed_at
    from folding_recency
    group by
        customer_id,
        folded_index

),

depth as (

    select
        period_depth.customer_id,
        period_depth.window_periods,
        greatest(period_depth.period_index, folds.period_index) as period_index,
        sum(period_depth.types_change) as types_change,
        sum(period_depth.types_left) as types_left,
        sum(period_depth.sessions) as sessions,
        sum(period_depth.session_interactions) as session_interactions,
        sum(period_depth.converting_sessions) as converting_sessions
    from period_depth
    cross join folds
    group by
        period_depth.customer_id,
        period_depth.window_periods,
        greatest(period_depth.period_index, folds.period_index)

),

transactions as (

    select
        period_transactions.customer_id,
        greatest(period_transactions.period_index, folds.period_index) as period_index,
        sum(period_transactions.orders) as orders,
        sum(period_transactions.repeat_orders) as repeat_orders,
        sum(period_transactions.order_amount) as order_amount,
        sum(period_transactions.net_amount) as net_amount,
        sum(period_transactions.quantity) as quantity,
        sum(period_transactions.renewals) as renewals,
        sum(period_transactions.cancellations) as cancellations
    from period_transactions
    cross join folds
    group by
        period_transactions.customer_id,
        greatest(period_transactions.period_index, folds.period_index)

),

-- Few periods are explained: a window needs of the others only those in which something happened.
eventful as (

    {{ eventful_periods() | indent(4) }}

),

customer_periods as (

    select customer_periods.*
    from {{ ref('int_engagement__customer_periods') }} as customer_periods
    inner join folds
        on customer_periods.period_index >= folds.period_index
    left join periods
        on customer_periods.period_index = periods.period_index
    left join eventful
        on
            customer_periods.customer_id = eventful.customer_id
            and customer_periods.period_index = eventful.period_index
    where
        (customer_periods.is_pending and periods.period_index is not null)
        or eventful.customer_id is not null

),

pending_periods as (

    select
        customer_id,
        period_index,
        period_end
    from customer_periods
    where is_pending

),

metric_starts as (

    select * from {{ ref('int_engagement__metric_starts') }}

),

{% for window_periods in score_windows() -%}
windows_{{ window_periods }} as (

    {{ customer_windows(window_periods, has_own_period=false) | indent(4) }}

),

{% endfor -%}
windows as (

    {% for window_periods in score_windows() -%}
    select
        *,
        {{ days_between('last_engaged_on', 'period_end') }}
            as silent_days
    from windows_{{ window_periods }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- The day moves on, and of the period itself nothing counts. Who was not there the period before
-- has no change to explain.
moved as (

    select
        -- ids
        windows.customer_id,
        windows.window_periods,
        windows.period_index,
        windows.period_end,

        -- scope
        windows.is_known,
        windows.exposed_days,
        windows.exposed_days < {{ var('min_exposure_days', 7) }} as is_new,
        windows.engaged_interactions,

        {%- for metric in own_metrics %}
        previous_metrics.{{ metric }},
        {%- endfor %}

        {{ window_metrics() | indent(8) }}
    from windows
    inner join periods
        on windows.period_index = periods.period_index
    inner join customer_metrics as previous_metrics
        on
            windows.customer_id = previous_metrics.customer_id
            and windows.window_periods = previous_metrics.window_periods
            and periods.previous_period_end = previous_metrics.period_end
    cross join metric_starts
    left join attitudes
        on
            windows.customer_id = attitudes.customer_id
            and windows.period_index = attitudes.period_index
    where windows.is_pending

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

    select
        customer_id,
        window_periods,
        period_index,
        period_end,
        'window_moved' as step,
        is_known,
        exposed_days,
        is_new,
        engaged_interactions,
        {%- for metric in metrics %}
        {{ metric }},
        {%- endfor %}
        period_end as in_force_on
    from moved

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
