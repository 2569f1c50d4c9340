{#-
    The formulas of the metrics, over windows with the period itself and, for the periods whose changes
    are explained, without it: as if nothing had happened in it. The two are stored apart, by
    int_engagement__customer_metrics and int_engagement__step_metrics; each reads only its own half.
-#}
{#- Only with these are there periods that are not computed. -#}
{%- set is_cut = kept_relation('int_engagement__customer_metrics') is not none
    or var('scoring_start', none) is not none or is_suggesting() -%}
with {% for sums in ['frequency', 'recency', 'depth', 'transactions', 'attitudes'] -%}
period_{{ sums }} as (

    select * from {{ ref('int_engagement__period_' ~ sums) }}

),

{% endfor -%}
metric_starts as (

    select * from {{ ref('int_engagement__metric_starts') }}

),

customer_periods as (

    select * from {{ ref('int_engagement__customer_periods') }}

),

-- The last period that no window of an explained period reaches. What a customer did until then
-- counts since ever alone: it is folded into one row, so that a long history costs little here.
folds as (

    select coalesce(min(period_index) - {{ score_windows() | max }}, 0) as folded_index
    from {{ ref('int_engagement__scoring_periods') }}
    where previous_period_end is not null

),

folding_recency as (

    select
        period_recency.*,
        greatest(period_recency.period_index, folds.folded_index) as folded_index,
        row_number() over (
            partition by
                period_recency.customer_id,
                greatest(period_recency.period_index, folds.folded_index)
            order by
                case when period_recency.median_gap_days is null then 1 else 0 end asc,
                period_recency.period_index desc
        ) as rhythm_number
    from period_recency
    cross join folds

),

folded_recency as (

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

{% for sums, keys, columns in [
    ('depth', ['customer_id', 'window_periods'], [
        'types_change', 'types_left', 'sessions', 'session_interactions', 'converting_sessions',
    ]),
    ('transactions', ['customer_id'], [
        'orders', 'repeat_orders', 'order_amount', 'net_amount', 'quantity', 'renewals',
        'cancellations',
    ]),
] -%}
folded_{{ sums }} as (

    select
        {%- for key in keys %}
        sums.{{ key }},
        {%- endfor %}
        {%- for column in columns %}
        sum(sums.{{ column }}) as {{ column }},
        {%- endfor %}
        greatest(sums.period_index, folds.folded_index) as period_index
    from period_{{ sums }} as sums
    cross join folds
    group by
        {%- for key in keys %}
        sums.{{ key }},
        {%- endfor %}
        greatest(sums.period_index, folds.folded_index)

),

{% endfor -%}
{% for has_own_period in [true, false] -%}
{%- set half = 'with' if has_own_period else 'without' -%}
{%- set state = 'period' if has_own_period else 'folded' -%}
{%- set frame_end = 'current row' if has_own_period else '1 preceding' -%}
{%- set is_computed = 'customer_periods.is_pending' ~ (
    '' if has_own_period else ' and customer_periods.previous_period_end is not null'
) -%}
{% if is_cut or not has_own_period -%}
-- Of the periods that are not computed, a window needs only those in which something happened: of a
-- single day scored after years of days, hardly any.
eventful_{{ half }} as (

    {% for sums in [
        'period_frequency', state ~ '_recency', state ~ '_depth', state ~ '_transactions',
    ] -%}
    select
        customer_id,
        period_index
    from {{ sums }}
    {% if not loop.last %}
    union distinct

    {% endif -%}
    {% endfor %}

),

{% endif %}
customer_periods_{{ half }} as (

    select customer_periods.*
    from customer_periods
    {%- if not has_own_period %}
    inner join folds  -- noqa: LT02
        on customer_periods.period_index >= folds.folded_index  -- noqa: LT02
    {%- endif %}
    {%- if is_cut or not has_own_period %}
    left join eventful_{{ half }} as eventful
        on
            customer_periods.customer_id = eventful.customer_id
            and customer_periods.period_index = eventful.period_index
    where
        eventful.customer_id is not null
        or ({{ is_computed }})
    {%- endif %}

),

{% for window_periods in score_windows() -%}
windows_{{ half }}_{{ window_periods }} as (

    select
        customer_periods.customer_id,
        {{ window_periods }} as window_periods,
        customer_periods.period_index,
        customer_periods.period_end,
        {{ has_own_period | lower }} as has_own_period,
        {{ is_computed }} as is_computed,
        coalesce(customer_periods.known_from <= customer_periods.period_end, false) as is_known,
        1 + {{ days_between(
            'greatest(customer_periods.in_scope_from, customer_periods.data_first_day, '
            ~ window_start('customer_periods.period_end', window_periods) ~ ')',
            'customer_periods.period_end'
        ) }} as exposed_days,

        -- frequency
        cast(
            coalesce(sum(frequency.engaged_interactions) over in_window, 0)
            as {{ dbt.type_bigint() }}
        ) as engaged_interactions,
        {%- for column in [
            'active_days', 'converting_days', 'engaged_seconds', 'social_interactions',
            'advocacy_interactions', 'exposures', 'answers',
        ] %}
        coalesce(sum(frequency.{{ column }}) over in_window, 0) as {{ column }},
        {%- endfor %}

        -- recency
        {%- for column in ['last_engaged_on', 'gaps', 'last_cancelled_at', 'last_renewed_at'] %}
        max(recency_sums.{{ column }}) over since_ever as {{ column }},
        {%- endfor %}
        last_value(recency_sums.median_gap_days ignore nulls) over since_ever as median_gap_days,

        -- depth
        coalesce(sum(depth_sums.types_change) over since_ever, 0)
        {%- if not has_own_period %}
        -- Time goes on: what leaves the window with the period leaves.
        - coalesce(depth_sums.types_left, 0)
        {%- endif %} as activity_types,
        {%- for column in ['sessions', 'session_interactions', 'converting_sessions'] %}
        coalesce(sum(depth_sums.{{ column }}) over in_window, 0) as {{ column }},
        {%- endfor %}

        -- transactions
        coalesce(sum(transaction_sums.orders) over in_window, 0) as orders,
        coalesce(sum(transaction_sums.repeat_orders) over in_window, 0) as repeat_orders,
        sum(transaction_sums.order_amount) over in_window as order_amount,
        sum(transaction_sums.net_amount) over since_ever as lifetime_amount,
        sum(transaction_sums.quantity) over in_window as quantity,
        coalesce(sum(transaction_sums.renewals) over since_ever, 0) as renewals,
        coalesce(sum(transaction_sums.cancellations) over since_ever, 0) as cancellations
    from customer_periods_{{ half }} as customer_periods
    left join period_frequency as frequency
        on
            customer_periods.customer_id = frequency.customer_id
            and customer_periods.period_index = frequency.period_index
    left join {{ state }}_recency as recency_sums
        on
            customer_periods.customer_id = recency_sums.customer_id
            and customer_periods.period_index = recency_sums.period_index
    left join {{ state }}_depth as depth_sums
        on
            customer_periods.customer_id = depth_sums.customer_id
            and customer_periods.period_index = depth_sums.period_index
            and depth_sums.window_periods = {{ window_periods }}
    left join {{ state }}_transactions as transaction_sums
        on
            customer_periods.customer_id = transaction_sums.customer_id
            and customer_periods.period_index = transaction_sums.period_index
    window
        in_window as (
            partition by customer_periods.customer_id order by customer_periods.period_index
            range between {{ window_periods - 1 }} preceding and {{ frame_end }}
        ),
        since_ever as (
            partition by customer_periods.customer_id order by customer_periods.period_index
            rows between unbounded preceding and {{ frame_end }}
        )

),

{% endfor -%}
{% endfor -%}
windows as (

    {% for half in ['with', 'without'] -%}
    {% set is_last_half = loop.last -%}
    {% for window_periods in score_windows() -%}
    select
        *,
        {{ days_between('last_engaged_on', 'period_end') }}
            as silent_days
    from windows_{{ half }}_{{ window_periods }}
    where
        is_computed
        -- Before the data begin nobody is exposed, however early scoring_start is.
        and exposed_days > 0
    {% if not (is_last_half and loop.last) %}
    union all

    {% endif -%}
    {% endfor %}
    {%- endfor %}

),

final as (

    select
        -- ids
        windows.customer_id,
        windows.window_periods,
        windows.period_index,
        windows.period_end,
        windows.has_own_period,

        -- scope
        windows.is_known,
        windows.exposed_days,
        windows.exposed_days < {{ var('min_exposure_days', 7) }} as is_new,
        windows.engaged_interactions,

        -- rhythm
        case when windows.gaps >= 3 then windows.median_gap_days end as usual_gap_days,

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
    from windows
    cross join metric_starts
    left join period_attitudes as attitudes
        on
            windows.customer_id = attitudes.customer_id
            and windows.period_index = attitudes.period_index
            and windows.has_own_period = attitudes.has_own_period

)

select * from final
