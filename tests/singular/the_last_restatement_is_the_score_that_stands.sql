-- Rows of the log whose score was changed again without a new row.
with restatements as (

    select
        *,
        row_number() over (
            partition by customer_id, score_model, version, period_end
            order by load_number desc
        ) as restatements_since
    from {{ ref('engagement_restatements') }}
    where
        company = '{{ customer_engagement.published_company() }}'
        and customer_id is not null

),

scores as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.score
    from {{ ref('engagement_scores') }} as scores
    inner join {{ ref('config_engagement__score_models') }} as score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    where score_models.status != 'challenger'

)

select
    restatements.customer_id,
    restatements.score_model,
    restatements.version,
    restatements.period_end,
    restatements.restated_score,
    scores.score
from restatements
left join scores
    on
        restatements.customer_id = scores.customer_id
        and restatements.score_model = scores.score_model
        and restatements.version = scores.version
        and restatements.period_end = scores.period_end
where
    restatements.restatements_since = 1
    and restatements.restated_score is distinct from scores.score
