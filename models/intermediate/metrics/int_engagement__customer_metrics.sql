{{ config(pre_hook=before_begin("{{ fit_custom_metrics() }}")) }}
{{ built_by_customer_and_period('pending') }}
{#- Only with these are there periods that are not computed. -#}
{%- set is_cut = is_incremental() or var('scoring_start', none) is not none or is_suggesting() -%}
{%- set own_metrics = custom_metrics().keys() | list -%}
with frequency as (

    select * from {{ ref('int_engagement__period_frequency') }}

),

recency as (

    select * from {{ ref('int_engagement__period_recency') }}

),

depth as (

    select * from {{ ref('int_engagement__period_depth') }}

),

transactions as (

    select * from {{ ref('int_engagement__period_transactions') }}

),

attitudes as (

    select * from {{ ref('int_engagement__period_attitudes') }}

),

{% if own_metrics -%}
own_values as (

    select * from {{ ref('int_engagement__custom_metrics') }}

),

{% endif -%}
{% if is_cut -%}
-- Of the periods that are not computed, a window needs only those in which something happened: of a
-- single day scored after years of days, hardly any.
eventful as (

    {{ eventful_periods() | indent(4) }}

),

{% endif -%}
customer_periods as (

    select customer_periods.*
    from {{ ref('int_engagement__customer_periods') }} as customer_periods
    {% if is_cut -%}
    left join eventful
        on
            customer_periods.customer_id = eventful.customer_id
            and customer_periods.period_index = eventful.period_index
    where
        customer_periods.is_pending
        or eventful.customer_id is not null
    {% endif %}

),

metric_starts as (

    select * from {{ ref('int_engagement__metric_starts') }}

),

{% for window_periods in score_windows() -%}
windows_{{ window_periods }} as (

    {{ customer_windows(window_periods) | indent(4) }}

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

metrics as (

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

        -- rhythm
        case when windows.gaps >= 3 then windows.median_gap_days end as usual_gap_days,

        {%- for metric in own_metrics %}
        own_values.{{ metric }},
        {%- endfor %}

        {{ window_metrics() | indent(8) }}
    from windows
    cross join metric_starts
    left join attitudes
        on
            windows.customer_id = attitudes.customer_id
            and windows.period_index = attitudes.period_index
    {%- if own_metrics %}
    left join own_values
        on
            windows.customer_id = own_values.customer_id
            and windows.period_end = own_values.period_end
    {%- endif %}
    where
        windows.is_pending
        -- Before the data begin nobody is exposed, however early scoring_start is.
        and windows.exposed_days > 0

)

select * from metrics
