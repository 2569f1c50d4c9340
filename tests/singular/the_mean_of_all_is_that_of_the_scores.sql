-- To the last digit: no two marts show the same number differently.
with scores as (

    select * from {{ ref('engagement_scores') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and status != 'challenger'

),

segments as (

    select * from {{ ref('engagement_segments') }}
    where segment_column = 'all'

),

means as (

    select
        scores.score_model,
        scores.version,
        scores.period_end,
        count(*) as customers,
        {{ exact_sum('scores.score') }} / nullif(count(scores.score), 0) as mean_score
    from scores
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    group by
        scores.score_model,
        scores.version,
        scores.period_end

)

select
    means.*,
    segments.customers as segment_customers,
    segments.mean_score as segment_mean_score
from means
full outer join segments
    on
        means.score_model = segments.score_model
        and means.version = segments.version
        and means.period_end = segments.period_end
where
    means.customers is distinct from segments.customers
    or means.mean_score is distinct from segments.mean_score
