with scores as (

    select * from {{ ref('engagement_scores') }}
    where {{ is_rescored_period('period_end') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and status != 'challenger'

),

customer_metrics as (

    select
        customer_id,
        window_periods,
        period_end,
        engaged_interactions
    from {{ ref('int_engagement__customer_metrics') }}
    where {{ is_rescored_period('period_end') }}

),

period_segments as (

    select * from {{ ref('int_engagement__period_segments') }}

),

final as (

    select
        -- ids
        scores.score_model,
        scores.version,
        scores.period_end,

        -- segments
        {%- for column in quoted_segment_columns() %}
        period_segments.{{ column }},
        {%- endfor %}
        period_segments.purchase_segment,
        period_segments.lifecycle_stage,
        coalesce(scores.band, '(unknown)') as band,
        period_segments.satisfaction_quadrant,

        -- what segments add up
        scores.score,
        scores.is_champion,
        scores.is_partial_period,
        period_segments.satisfaction,
        period_segments.is_active_in_period,
        customer_metrics.engaged_interactions
    from scores
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    inner join customer_metrics
        on
            scores.customer_id = customer_metrics.customer_id
            and scores.period_end = customer_metrics.period_end
            and score_models.window_periods = customer_metrics.window_periods
    inner join period_segments
        on
            scores.customer_id = period_segments.customer_id
            and scores.period_end = period_segments.period_end

)

select * from final
