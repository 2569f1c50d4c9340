with scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion and score is not null

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_latest and is_scored

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

final as (

    select distinct
        scores.score_model,
        scores.version,
        score_models.window_periods,
        score_models.window_days,
        periods.period_end,
        periods.period_index,
        periods.data_first_day
    from scores
    inner join periods
        on scores.period_end = periods.period_end
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version

)

select * from final
