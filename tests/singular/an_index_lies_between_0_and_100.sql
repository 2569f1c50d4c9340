-- Points formulas are open; an index is not, before and after it is published.
select
    scores.customer_id,
    scores.score_model,
    scores.version,
    scores.period_end,
    scores.score,
    scores.raw_score
from {{ ref('engagement_scores') }} as scores
inner join {{ ref('config_engagement__score_models') }} as score_models
    on
        scores.score_model = score_models.score_model
        and scores.version = score_models.version
        and score_models.formula = 'index'
where
    scores.score not between 0 and 100
    or scores.raw_score not between -1e-9 and 100 + 1e-9
