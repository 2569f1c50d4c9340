{{ config(grants=marts_grants()) }}
{{ built_by_customer_and_period('rescored', of_periods='previous_period_end is not null') }}
{%- set parts = [
    'late_rows', 'new_version', 'window_moved', 'new_interactions', 'new_answers', 'override',
] -%}
{#- For the hook that deletes what is computed again. -#}
{{ depends_on('int_engagement__rescored_customers') }}
with pairs as (

    select * from {{ ref('int_engagement__score_pairs') }}

),

steps as (

    select * from {{ ref('scoring_engagement__scores') }}
    where step != 'now'

),

restatements as (

    select * from {{ ref('engagement_restatements') }}
    where company = '{{ published_company() }}'

),

-- Numbered from what people saw first. A score without a row here was never restated.
published_scores as (

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

first_published as (

    select * from published_scores
    where publication_number = 1

),

pairs_with_steps as (

    select
        pairs.*,
        case
            when first_published.customer_id is null then pairs.restated_score
            else first_published.published_score
        end as previous_score,
        under_version.raw_score as version_score,
        without_period.raw_score as moved_score,
        -- Customers who answered nothing have no such step: their score itself is without answers.
        case
            when without_answers.customer_id is null then pairs.raw_score
            else without_answers.raw_score
        end as interactions_score
    from pairs
    left join first_published
        on
            pairs.customer_id = first_published.customer_id
            and pairs.score_model = first_published.score_model
            and pairs.previous_version = first_published.version
            and pairs.previous_period_end = first_published.period_end
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

-- A step without any value keeps the value of the step before, the first that of the step after:
-- what is unknown has not moved.
pairs_with_raw_scores as (

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
    from pairs_with_steps
    where
        score is not null
        and previous_score is not null

),

-- Rounded as scores are, so that no part is the noise of a difference.
changes_with_parts as (

    select
        *,
        round(score - previous_score, 10) as score_change,
        round(coalesce(restated_score, raw_1) - previous_score, 10) as late_rows,
        round(raw_2 - raw_1, 10) as new_version,
        round(raw_3 - raw_2, 10) as window_moved,
        round(raw_4 - raw_3, 10) as new_interactions,
        round(raw_5 - raw_4, 10) as new_answers,
        round((score - raw_5) - (coalesce(restated_score, raw_1) - raw_1), 10) as override
    from pairs_with_raw_scores

),

changes_with_direction as (

    select
        *,
        case when score_change < 0 then -1 else 1 end as direction
    from changes_with_parts

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
    from changes_with_direction

)

select * from final
