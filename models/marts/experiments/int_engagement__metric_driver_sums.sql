{%- set metrics = metric_catalog().keys() | list -%}
with score_models as (

    select * from {{ ref('int_engagement__latest_score_models') }}

),

score_thirds as (

    select * from {{ ref('int_engagement__score_thirds') }}

),

contributions as (

    select * from {{ ref('engagement_contributions') }}

),

customer_metrics as (

    select * from {{ ref('int_engagement__customer_metrics') }}

),

customer_points as (

    select * from {{ ref('int_engagement__customer_points') }}

),

-- One row per customer.
latest_metrics as (

    select
        {%- for metric in metrics | reject('equalto', 'decayed_points') %}
        customer_metrics.{{ metric }},
        {%- endfor %}
        customer_points.points as decayed_points,
        score_thirds.customer_id,
        score_thirds.score_model
    from score_thirds
    inner join score_models
        on score_thirds.score_model = score_models.score_model
    inner join customer_metrics
        on
            score_thirds.customer_id = customer_metrics.customer_id
            and score_models.window_periods = customer_metrics.window_periods
            and score_models.period_index = customer_metrics.period_index
    left join customer_points
        on
            score_thirds.customer_id = customer_points.customer_id
            and score_models.score_model = customer_points.score_model
            and score_models.version = customer_points.version
            and score_models.period_end = customer_points.period_end
    where score_thirds.segment_column = 'all'

),

-- One row per customer and metric with a value.
metric_values as (

    {% for metric in metrics -%}
    select
        customer_id,
        score_model,
        '{{ metric }}' as metric,
        cast({{ metric }} as double) as value
    from latest_metrics
    where {{ metric }} is not null
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

metric_ranges as (

    select
        score_model,
        metric,
        min(value) as lowest,
        case when max(value) - min(value) > 0 then max(value) - min(value) else 1 end as unit
    from metric_values
    group by
        score_model,
        metric

),

-- On 0 to 1 of the range, so that 16 decimals hold the squares of every metric.
scaled_values as (

    select
        metric_values.customer_id,
        metric_values.score_model,
        metric_values.metric,
        (metric_values.value - metric_ranges.lowest) / metric_ranges.unit as value
    from metric_values
    inner join metric_ranges
        on
            metric_values.score_model = metric_ranges.score_model
            and metric_values.metric = metric_ranges.metric

),

segment_sizes as (

    select
        score_thirds.segment_column,
        score_thirds.segment,
        score_thirds.score_model,
        count(case when score_thirds.third = 'high' then 1 end) as high_scorers,
        count(case when score_thirds.third = 'low' then 1 end) as low_scorers
    from score_thirds
    inner join latest_metrics
        on
            score_thirds.customer_id = latest_metrics.customer_id
            and score_thirds.score_model = latest_metrics.score_model
    group by
        score_thirds.segment_column,
        score_thirds.segment,
        score_thirds.score_model

),

metric_sums as (

    select
        score_thirds.segment_column,
        score_thirds.segment,
        score_thirds.score_model,
        scaled_values.metric,
        {%- for third in ['high', 'low'] %}
        {%- set is_third = "case when score_thirds.third = '" ~ third ~ "' then " %}
        {%- set value = is_third ~ 'scaled_values.value end' %}
        {%- set square = is_third ~ 'scaled_values.value * scaled_values.value end' %}
        count({{ value }}) as {{ third }}_customers,
        {{ exact_sum(value) }} as {{ third }}_total,
        {{ exact_sum(square) }} as {{ third }}_squares
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from score_thirds
    inner join scaled_values
        on
            score_thirds.customer_id = scaled_values.customer_id
            and score_thirds.score_model = scaled_values.score_model
    where score_thirds.third is not null
    group by
        score_thirds.segment_column,
        score_thirds.segment,
        score_thirds.score_model,
        scaled_values.metric

),

-- The mean weight of each metric in the scores of the period.
applied_weights as (

    select
        contributions.score_model,
        contributions.component as metric,
        {{ exact_sum('contributions.applied_weight') }} / count(*) as applied_weight
    from contributions
    inner join score_models
        on
            contributions.score_model = score_models.score_model
            and contributions.version = score_models.version
            and contributions.period_end = score_models.period_end
    group by
        contributions.score_model,
        contributions.component

),

-- Segments without high or low scorers have rows, too.
segment_metrics as (

    select
        segment_sizes.*,
        metric_ranges.metric,
        metric_ranges.lowest,
        metric_ranges.unit,
        coalesce(applied_weights.applied_weight, 0) as applied_weight,
        {%- for third in ['high', 'low'] %}
        coalesce(metric_sums.{{ third }}_customers, 0) as {{ third }}_customers,
        metric_sums.{{ third }}_total,
        metric_sums.{{ third }}_squares
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from segment_sizes
    inner join metric_ranges
        on segment_sizes.score_model = metric_ranges.score_model
    left join metric_sums
        on
            segment_sizes.segment_column = metric_sums.segment_column
            and segment_sizes.segment = metric_sums.segment
            and segment_sizes.score_model = metric_sums.score_model
            and metric_ranges.metric = metric_sums.metric
    left join applied_weights
        on
            segment_sizes.score_model = applied_weights.score_model
            and metric_ranges.metric = applied_weights.metric

),

final as (

    select
        -- ids
        score_model,
        segment_column,
        segment,
        metric,

        -- the score
        applied_weight,

        -- high scorers, and low ones
        high_scorers as group_customers,
        low_scorers as other_group_customers,
        high_customers as customers,
        low_customers as other_customers,
        lowest + unit * high_total / nullif(high_customers, 0) as mean_value,
        lowest + unit * low_total / nullif(low_customers, 0) as other_mean_value,
        unit * unit * {{ variance_of_sums('high_customers', 'high_total', 'high_squares') }}
            as value_variance,
        unit * unit * {{ variance_of_sums('low_customers', 'low_total', 'low_squares') }}
            as other_value_variance
    from segment_metrics

)

select * from final
