with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where previous_period_end is not null

),

-- Of the explained periods and those before them: all would be kept for the two that ask.
scores as (

    select *
    from {{ ref('engagement_scores') }}
    where period_end >= (select min(periods.previous_period_end) from periods)

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

-- A challenger is compared with itself alone; it neither ends nor follows a version.
final as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        previous_scores.period_end as previous_period_end,
        previous_scores.version as previous_version,
        scores.is_champion,
        scores.score,
        scores.raw_score,
        scores.status,
        previous_scores.score as restated_score,
        previous_scores.raw_score as previous_raw_score,
        previous_scores.status as previous_status
    from scores
    inner join rescored_customers
        on
            scores.customer_id = rescored_customers.customer_id
            and scores.period_end
            between rescored_customers.rescored_from and rescored_customers.rescored_until
    inner join periods
        on scores.period_end = periods.period_end
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    inner join scores as previous_scores
        on
            scores.customer_id = previous_scores.customer_id
            and scores.score_model = previous_scores.score_model
            and periods.previous_period_end = previous_scores.period_end
    inner join score_models as previous_models
        on
            previous_scores.score_model = previous_models.score_model
            and previous_scores.version = previous_models.version
    where
        scores.version = previous_scores.version
        or (score_models.status != 'challenger' and previous_models.status != 'challenger')

)

select * from final
