{%- set metrics = metric_catalog().keys() | reject('equalto', 'decayed_points') | list -%}
with customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

customer_points as (

    select * from {{ ref('int_engagement__customer_points') }}
    where version = 'suggested'

),

suggested_version as (

    select * from {{ ref('config_engagement__score_models') }}
    where version = 'suggested'

),

periods as (

    select
        period_index,
        period_end,
        {{ days_between('period_end', 'max(period_end) over ()') }}
            as days_before
    from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

history as (

    select
        customer_id,
        max(days_ago) as first_days_ago
    from {{ ref('scoring_engagement__suggestion_history') }}
    group by customer_id

),

horizons as (

    select max(horizon_days) as horizon_days
    from {{ ref('scoring_engagement__suggested_activities') }}

),

-- One and two horizons before the last scored day, where as much history lies before.
cuts as (

    select
        horizons.horizon_days,
        min(
            case
                when periods.days_before >= horizons.horizon_days then periods.days_before
            end
        ) as first_cut,
        min(
            case
                when periods.days_before >= 2 * horizons.horizon_days then periods.days_before
            end
        ) as second_cut
    from periods
    cross join horizons
    group by horizons.horizon_days

),

cut_periods as (

    select
        periods.period_index,
        periods.period_end,
        periods.days_before
    from periods
    inner join cuts
        on
            periods.days_before in (cuts.first_cut, cuts.second_cut)
            and (select max(history.first_days_ago) from history)
            >= periods.days_before + cuts.horizon_days - 1

)

select
    customer_metrics.customer_id,
    cut_periods.period_index,
    cut_periods.period_end,
    cut_periods.days_before,
    {%- for metric in metrics %}
    customer_metrics.{{ metric }},
    {%- endfor %}
    customer_points.points as decayed_points
from customer_metrics
inner join cut_periods
    on customer_metrics.period_index = cut_periods.period_index
inner join suggested_version
    on customer_metrics.window_periods = suggested_version.window_periods
inner join history
    on customer_metrics.customer_id = history.customer_id
left join customer_points
    on
        customer_metrics.customer_id = customer_points.customer_id
        and customer_metrics.period_index = customer_points.period_index
where
    customer_metrics.is_known
    and not customer_metrics.is_new
