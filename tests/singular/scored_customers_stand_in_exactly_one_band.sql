-- Counted against the bounds themselves: the band on the row is the one band that holds the score.
with scores as (

    select * from {{ ref('engagement_scores') }}
    where score is not null

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

banded_models as (

    select distinct
        score_model,
        version
    from score_bands

),

matches as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        max(scores.band) as band,
        max(score_bands.band) as expected_band,
        count(score_bands.band) as bands
    from scores
    inner join banded_models
        on
            scores.score_model = banded_models.score_model
            and scores.version = banded_models.version
    left join score_bands
        on
            scores.score_model = score_bands.score_model
            and scores.version = score_bands.version
            and scores.score >= score_bands.lower_bound
            and scores.score < coalesce(score_bands.upper_bound, scores.score + 1)
    group by
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end

)

select * from matches
where bands != 1 or not coalesce(band = expected_band, false)
