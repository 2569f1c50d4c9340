{#
    What int_engagement__customer_metrics and int_engagement__step_metrics share: the same windows and metrics, with the
    rows of a period itself or without. They stand over the CTEs customer_periods, frequency,
    recency, depth, transactions, attitudes and metric_starts, and name theirs windows.
#}

{# The customers' periods in which something happened. #}
{% macro eventful_periods() -%}
select
    customer_id,
    period_index
from frequency

union distinct

select
    customer_id,
    period_index
from recency

union distinct

select
    customer_id,
    period_index
from depth

union distinct

select
    customer_id,
    period_index
from transactions
{%- endmacro %}

{#
    The sums of a customer's windows of so many periods, one row for each of customer_periods;
    without has_own_period as if nothing had happened in the period itself.
#}
{% macro customer_windows(window_periods, has_own_period=true) -%}
{%- set frame_end = 'current row' if has_own_period else '1 preceding' -%}
select
    customer_periods.customer_id,
    {{ window_periods }} as window_periods,
    customer_periods.period_index,
    customer_periods.period_end,
    customer_periods.is_pending,
    coalesce(customer_periods.known_from <= customer_periods.period_end, false) as is_known,
    1 + {{ days_between(
        'greatest(customer_periods.in_scope_from, customer_periods.data_first_day, '
        ~ window_start('customer_periods.period_end', window_periods) ~ ')',
        'customer_periods.period_end'
    ) }} as exposed_days,

    -- frequency
    cast(
        coalesce(sum(frequency.engaged_interactions) over in_window, 0) as {{ dbt.type_bigint() }}
    ) as engaged_interactions,
    coalesce(sum(frequency.active_days) over in_window, 0) as active_days,
    coalesce(sum(frequency.converting_days) over in_window, 0) as converting_days,
    coalesce(sum(frequency.engaged_seconds) over in_window, 0) as engaged_seconds,
    coalesce(sum(frequency.social_interactions) over in_window, 0) as social_interactions,
    coalesce(sum(frequency.advocacy_interactions) over in_window, 0) as advocacy_interactions,
    coalesce(sum(frequency.exposures) over in_window, 0) as exposures,
    coalesce(sum(frequency.answers) over in_window, 0) as answers,

    -- recency
    max(recency.last_engaged_on) over since_ever as last_engaged_on,
    max(recency.gaps) over since_ever as gaps,
    last_value(recency.median_gap_days ignore nulls) over since_ever as median_gap_days,
    max(recency.last_cancelled_at) over since_ever as last_cancelled_at,
    max(recency.last_renewed_at) over since_ever as last_renewed_at,

    -- depth
    coalesce(sum(depth.types_change) over since_ever, 0)
    {%- if not has_own_period %}
    -- Time goes on: what leaves the window with the period leaves.
    - coalesce(depth.types_left, 0)
    {%- endif %} as activity_types,
    coalesce(sum(depth.sessions) over in_window, 0) as sessions,
    coalesce(sum(depth.session_interactions) over in_window, 0) as session_interactions,
    coalesce(sum(depth.converting_sessions) over in_window, 0) as converting_sessions,

    -- transactions
    coalesce(sum(transactions.orders) over in_window, 0) as orders,
    coalesce(sum(transactions.repeat_orders) over in_window, 0) as repeat_orders,
    sum(transactions.order_amount) over in_window as order_amount,
    sum(transactions.net_amount) over since_ever as lifetime_amount,
    sum(transactions.quantity) over in_window as quantity,
    coalesce(sum(transactions.renewals) over since_ever, 0) as renewals,
    coalesce(sum(transactions.cancellations) over since_ever, 0) as cancellations
from customer_periods
left join frequency
    on
        customer_periods.customer_id = frequency.customer_id
        and customer_periods.period_index = frequency.period_index
left join recency
    on
        customer_periods.customer_id = recency.customer_id
        and customer_periods.period_index = recency.period_index
left join depth
    on
        customer_periods.customer_id = depth.customer_id
        and customer_periods.period_index = depth.period_index
        and depth.window_periods = {{ window_periods }}
left join transactions
    on
        customer_periods.customer_id = transactions.customer_id
        and customer_periods.period_index = transactions.period_index
window
    in_window as (
        partition by customer_periods.customer_id order by customer_periods.period_index
        range between {{ window_periods - 1 }} preceding and {{ frame_end }}
    ),
    since_ever as (
        partition by customer_periods.customer_id order by customer_periods.period_index
        rows between unbounded preceding and {{ frame_end }}
    )
{%- endmacro %}

{# Every metric as a column, but for decayed_points, which depends on the score model. #}
{% macro window_metrics() -%}
-- behavioural
{{ per_30_days('windows.engaged_interactions') }} as interaction_frequency,
{{ per_30_days('windows.active_days') }} as active_days,
case
    when metric_starts.durations_from <= windows.period_end
        then {{ per_30_days('windows.engaged_seconds') }} / 60
end as time_spent,
windows.silent_days as recency_days,
cast(windows.activity_types as double) as interaction_depth,
{{ ratio('windows.session_interactions', 'windows.sessions') }} as session_depth,
case
    when metric_starts.conversions_from <= windows.period_end and windows.sessions > 0
        then {{ ratio('windows.converting_sessions', 'windows.sessions') }}
    when metric_starts.conversions_from <= windows.period_end
        then {{ ratio('windows.converting_days', 'windows.active_days') }}
end as conversion_rate,
-- Not least(1, ratio): least() passes over the NULL of who was never exposed.
case
    when windows.answers > windows.exposures and windows.exposures > 0 then 1.0
    else {{ ratio('windows.answers', 'windows.exposures') }}
end as click_through_rate,
case
    when metric_starts.social_from <= windows.period_end
        then {{ per_30_days('windows.social_interactions') }}
end as social_engagement,

-- attitudinal
attitudes.csat,
attitudes.loyalty,
attitudes.brand_perception,
attitudes.brand_affinity,
attitudes.purchase_intent,
attitudes.support_quality,
attitudes.nps,
attitudes.sentiment,

-- transactional
case
    when metric_starts.orders_from <= windows.period_end
        then {{ per_30_days('windows.orders') }}
end as purchase_frequency,
{{ ratio('windows.order_amount', 'windows.orders') }} as average_order_value,
case
    when metric_starts.amounts_from <= windows.period_end
        then cast(coalesce(windows.lifetime_amount, 0) as double)
end as lifetime_value,
{{ ratio('windows.repeat_orders', 'windows.orders') }} as repeat_purchase_rate,
{{ ratio('windows.quantity', 'windows.orders') }} as basket_size,
case
    when
        windows.last_cancelled_at is not null
        and (
            windows.last_renewed_at is null
            or windows.last_renewed_at < windows.last_cancelled_at
        )
        then 1e0
    when windows.gaps >= 3 and windows.silent_days > 3 * windows.median_gap_days then 1e0
    when windows.gaps >= 3 or windows.last_cancelled_at is not null then 0e0
end as churn,
{{ ratio('windows.renewals', '(windows.renewals + windows.cancellations)') }}
    as renewal_rate,

-- advocacy
case
    when metric_starts.advocacy_from <= windows.period_end
        then {{ per_30_days('windows.advocacy_interactions') }}
end as advocacy
{%- endmacro %}
