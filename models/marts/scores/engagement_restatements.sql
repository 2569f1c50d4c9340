-- Appended to and never rebuilt: it alone knows what was published. It is built before
-- engagement_scores, which still holds what the last run published;
-- scoring_engagement__scores holds what is about to replace it.
{{ config(
    grants=marts_grants(),
    materialized='incremental',
    on_schema_change='append_new_columns',
    full_refresh=false,
    post_hook=[
        "{{ customer_engagement.forget_excluded_customers(this) }}",
        "{{ customer_engagement.forget_excluded_customers(
            customer_engagement.stored_relation('engagement_scores')
        ) }}",
    ],
) }}
{%- set company = published_company() -%}
{#- A mean over few people reveals their scores. -#}
{%- set fewest_in_a_mean = 10 -%}
with scores as (

    select * from {{ ref('scoring_engagement__scores') }}
    where step = 'now'

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

customer_segments as (

    select * from {{ ref('int_engagement__customer_segments') }}

),

published_scores as (

    select * from {{ ref('int_engagement__published_scores') }}

),

excluded_ids as (

    select id from {{ ref('int_engagement__excluded_customers') }}

),

applicable as (

    {{ applicable_scores() }}

),

-- What is about to be published: challengers are not.
new_scores as (

    select * from applicable
    where is_candidate

),

next_load as (

    {% if is_incremental() -%}
    select coalesce(max(load_number), 0) + 1 as load_number
    from {{ this }}
    {%- else -%}
    select 1 as load_number
    {%- endif %}

),

-- Published scores that this run computes again; those without a new score are gone.
rescored_scores as (

    select
        published_scores.*,
        excluded_ids.id is not null as is_excluded
    from published_scores
    inner join rescored_customers
        on
            published_scores.customer_id = rescored_customers.customer_id
            and published_scores.period_end
            between rescored_customers.rescored_from and rescored_customers.rescored_until
    left join excluded_ids
        on published_scores.customer_id = excluded_ids.id

),

changed_scores as (

    select
        rescored_scores.customer_id,
        rescored_scores.score_model,
        rescored_scores.version,
        rescored_scores.period_end,
        rescored_scores.published_score,
        rescored_scores.published_band,
        rescored_scores.score as previous_score,
        rescored_scores.is_excluded,
        new_scores.score as restated_score,
        new_scores.band as restated_band,
        new_scores.status as restated_status
    from rescored_scores
    left join new_scores
        on
            rescored_scores.customer_id = new_scores.customer_id
            and rescored_scores.score_model = new_scores.score_model
            and rescored_scores.version = new_scores.version
            and rescored_scores.period_end = new_scores.period_end
    where rescored_scores.score is distinct from (new_scores.score)

),

restatements as (

    select
        customer_id,
        score_model,
        version,
        period_end,
        case
            when restated_status is null then 'gone'
            when restated_score is null then 'unscored'
            when previous_score is null then 'scored'
            else 'rescored'
        end as kind,
        1 as customers,
        published_score,
        previous_score,
        restated_score,
        published_band,
        restated_band,
        restated_status
    from changed_scores
    where not is_excluded

    union all

    -- Names nobody, and keeps nothing of one person but that there was one.
    select
        cast(null as {{ dbt.type_string() }}) as customer_id,
        score_model,
        version,
        period_end,
        'excluded' as kind,
        count(*) as customers,
        case
            when count(published_score) >= {{ fewest_in_a_mean }}
                then {{ exact_sum('published_score') }} / count(published_score)
        end as published_score,
        case
            when count(*) >= {{ fewest_in_a_mean }}
                then {{ exact_sum('previous_score') }} / count(*)
        end as previous_score,
        cast(null as double) as restated_score,
        cast(null as {{ dbt.type_string() }}) as published_band,
        cast(null as {{ dbt.type_string() }}) as restated_band,
        cast(null as {{ dbt.type_string() }}) as restated_status
    from changed_scores
    where is_excluded and previous_score is not null
    group by
        score_model,
        version,
        period_end

),

final as (

    select
        -- ids
        '{{ company }}' as company,
        restatements.customer_id,
        restatements.score_model,
        restatements.version,
        restatements.period_end,
        cast(next_load.load_number as {{ dbt.type_int() }}) as load_number,

        -- what changed
        restatements.kind,
        cast(restatements.customers as {{ dbt.type_int() }}) as customers,
        restatements.published_score,
        restatements.previous_score,
        restatements.restated_score,
        restatements.published_band,
        restatements.restated_band,
        restatements.restated_status
    from restatements
    cross join next_load

)

select * from final
