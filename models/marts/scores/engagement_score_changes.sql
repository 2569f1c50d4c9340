{{ config(grants=marts_grants()) }}
{{ built_by_customer_and_period('rescored', of_periods='previous_period_end is not null') }}
{%- set parts = [
    'late_rows', 'new_version', 'window_moved', 'new_interactions', 'new_answers', 'override',
] -%}
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

steps as (

    select * from {{ ref('scoring_engagement__scores') }}
    where step != 'now'

),

restatements as (

    select * from {{ ref('engagement_restatements') }}
    where company = '{{ published_company() }}'

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

-- What people saw first. A score without a row here was never restated.
first_published as (

    select
        customer_id,
        score_model,
        version,
        period_end,
        published_score,
        row_number() over (
            partition by customer_id, score_model, version, period_end
            order by load_number
        ) as publication_number
    from restatements

),

published as (

    select * from first_published
    where publication_number = 1

),

-- A challenger is compared with itself alone; it neither ends nor follows a version.
pairs as (

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

),

stepped as (

    select
        pairs.*,
        case
            when published.customer_id is null then pairs.restated_score
            else published.published_score
        end as previous_score,
        under_version.raw_score as version_score,
        without_period.raw_score as moved_score,
        -- Who answered nothing has no such step: the score itself is without answers.
        case
            when without_answers.customer_id is null then pairs.raw_score
            else without_answers.raw_score
        end as interactions_score
    from pairs
    left join published
        on
            pairs.customer_id = published.customer_id
            and pairs.score_model = published.score_model
            and pairs.previous_version = published.version
            and pairs.previous_period_end = published.period_end
    left join steps as under_version
        on
            pairs.customer_id = under_version.customer_id
            and pairs.score_model = under_version.score_model
            and pairs.version = under_version.version
            and pairs.previous_period_end = under_version.period_end
            and pairs.version != pairs.previous_version
            and under_version.step = 'new_version'
    left join steps as without_period
        on
            pairs.customer_id = without_period.customer_id
            and pairs.score_model = without_period.score_model
            and pairs.version = without_period.version
            and pairs.period_end = without_period.period_end
            and without_period.step = 'window_moved'
    left join steps as without_answers
        on
            pairs.customer_id = without_answers.customer_id
            and pairs.score_model = without_answers.score_model
            and pairs.version = without_answers.version
            and pairs.period_end = without_answers.period_end
            and without_answers.step = 'new_interactions'

),

-- A step at which nothing has a value stands where the one before stands, and the first where the
-- next one does: what is unknown has not moved.
chained as (

    select
        *,
        coalesce(
            previous_raw_score, version_score, moved_score, interactions_score, raw_score, 0
        ) as raw_1,
        coalesce(
            version_score, previous_raw_score, moved_score, interactions_score, raw_score, 0
        ) as raw_2,
        coalesce(
            moved_score, version_score, previous_raw_score, interactions_score, raw_score, 0
        ) as raw_3,
        coalesce(
            interactions_score, moved_score, version_score, previous_raw_score, raw_score, 0
        ) as raw_4,
        coalesce(
            raw_score, interactions_score, moved_score, version_score, previous_raw_score, 0
        ) as raw_5
    from stepped
    where
        score is not null
        and previous_score is not null

),

-- Rounded as scores are, so that no part is made of the noise of a difference.
parted as (

    select
        *,
        round(score - previous_score, 10) as score_change,
        round(coalesce(restated_score, raw_1) - previous_score, 10) as late_rows,
        round(raw_2 - raw_1, 10) as new_version,
        round(raw_3 - raw_2, 10) as window_moved,
        round(raw_4 - raw_3, 10) as new_interactions,
        round(raw_5 - raw_4, 10) as new_answers,
        round((score - raw_5) - (coalesce(restated_score, raw_1) - raw_1), 10) as override
    from chained

),

directed as (

    select
        *,
        case when score_change < 0 then -1 else 1 end as direction
    from parted

),

final as (

    select
        -- ids
        customer_id,
        score_model,
        version,
        period_end,
        previous_period_end,
        previous_version,
        is_champion,

        -- the two scores
        previous_score,
        score,
        score_change,
        previous_status,
        status,

        -- parts of the change
        {%- for part in parts %}
        {{ part }},
        {%- endfor %}
        case
            {%- for part in parts %}
            when
                {{ part }} * direction > 0
                and {{ part }} * direction = greatest(
                    {%- for other in parts %}
                    {{ other }} * direction{{ ',' if not loop.last }}
                    {%- endfor %}
                )
                then '{{ part }}'
            {%- endfor %}
        end as moved_by
    from directed

)

select * from final
