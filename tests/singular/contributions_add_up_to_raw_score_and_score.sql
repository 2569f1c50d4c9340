-- Every line of a customer adds up to the raw score, which is computed another way; with overrides
-- and the clamp of an index, to the score.
with lines_added as (

    select
        customer_id,
        score_model,
        version,
        period_end,
        sum(case when dimension != 'adjustment' then contribution else 0 end) as to_raw_score,
        sum(contribution) as to_score
    from {{ ref('engagement_contributions') }}
    group by
        customer_id,
        score_model,
        version,
        period_end

),

scores as (

    select scores.*
    from {{ ref('engagement_scores') }} as scores
    inner join {{ ref('int_engagement__scoring_periods') }} as periods
        on scores.period_end = periods.period_end
    where periods.is_detailed

)

select
    scores.customer_id,
    scores.score_model,
    scores.version,
    scores.period_end,
    scores.raw_score,
    scores.score,
    lines_added.to_raw_score,
    lines_added.to_score
from scores
left join lines_added
    on
        scores.customer_id = lines_added.customer_id
        and scores.score_model = lines_added.score_model
        and scores.version = lines_added.version
        and scores.period_end = lines_added.period_end
-- Points formulas have no line for a customer without any weighted activity: that is 0.
where
    (
        scores.raw_score is not null
        and not abs(scores.raw_score - coalesce(lines_added.to_raw_score, 0)) <= 1e-9
    )
    or (
        scores.score is not null
        and not abs(scores.score - coalesce(lines_added.to_score, 0)) <= 1e-9
    )
