-- Appended to and never rebuilt: it alone knows what was published. It is built before
-- engagement_scores, which it looks up by name: what stands there is what the last run published,
-- and scoring_engagement__scores holds what is about to take its place.
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
{%- set stored = stored_relation('engagement_scores') -%}
{%- set record = published_settings_record() -%}
{#- A mean of few tells their scores. -#}
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

-- Versions that were ever published; one that is scored for the first time has nothing to restate,
-- nor has one that was a challenger until now.
published_versions as (

    {% if record is none -%}
    select
        score_model,
        version
    from score_models
    where false
    {%- else -%}
    select distinct
        score_model,
        version
    from {{ record }}
    where company = '{{ company }}'
    {%- endif %}

),

-- Without a table of the last run, nobody.
stored_scores as (

    select
        last_scores.customer_id,
        last_scores.score_model,
        last_scores.version,
        last_scores.period_end,
        last_scores.score,
        last_scores.band
    from {{ 'scores' if stored is none else stored }} as last_scores
    inner join published_versions
        on
            last_scores.score_model = published_versions.score_model
            and last_scores.version = published_versions.version
    {%- if stored is none %}
    where false
    {%- endif %}

),

loads as (

    {% if is_incremental() -%}
    select
        *,
        max(load_number) over (
            partition by customer_id, score_model, version, period_end
        ) as last_load_number
    from {{ this }}
    where company = '{{ company }}' and customer_id is not null
    {%- else -%}
    select
        customer_id,
        score_model,
        version,
        period_end,
        score as published_score,
        score as restated_score,
        band as published_band,
        0 as load_number,
        0 as last_load_number
    from scores
    where false
    {%- endif %}

),

last_restatements as (

    select * from loads
    where load_number = last_load_number

),

next_load as (

    {% if is_incremental() -%}
    select coalesce(max(load_number), 0) + 1 as load_number
    from {{ this }}
    {%- else -%}
    select 1 as load_number
    {%- endif %}

),

-- The log goes before the stored score: after a run that was killed between the two, it is ahead.
known_scores as (

    select
        coalesce(stored_scores.customer_id, last_restatements.customer_id) as customer_id,
        coalesce(stored_scores.score_model, last_restatements.score_model) as score_model,
        coalesce(stored_scores.version, last_restatements.version) as version,
        coalesce(stored_scores.period_end, last_restatements.period_end) as period_end,
        case
            when last_restatements.customer_id is null then stored_scores.score
            else last_restatements.published_score
        end as published_score,
        case
            when last_restatements.customer_id is null then stored_scores.band
            else last_restatements.published_band
        end as published_band,
        case
            when last_restatements.customer_id is null then stored_scores.score
            else last_restatements.restated_score
        end as score
    from stored_scores
    full outer join last_restatements
        on
            stored_scores.customer_id = last_restatements.customer_id
            and stored_scores.score_model = last_restatements.score_model
            and stored_scores.version = last_restatements.version
            and stored_scores.period_end = last_restatements.period_end

),

-- Those that this run computes again; without a new score they are gone.
rescored_scores as (

    select
        known_scores.*,
        excluded_ids.id is not null as is_excluded
    from known_scores
    inner join rescored_customers
        on
            known_scores.customer_id = rescored_customers.customer_id
            and known_scores.period_end
            between rescored_customers.rescored_from and rescored_customers.rescored_until
    left join excluded_ids
        on known_scores.customer_id = excluded_ids.id

),

compared as (

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

),

changed as (

    select * from compared
    where previous_score is distinct from restated_score

),

restated as (

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
    from changed
    where not is_excluded

    union all

    -- Nobody is named, and nothing of one person is left but that there was one.
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
    from changed
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
        restated.customer_id,
        restated.score_model,
        restated.version,
        restated.period_end,
        cast(next_load.load_number as {{ dbt.type_int() }}) as load_number,

        -- what changed
        restated.kind,
        cast(restated.customers as {{ dbt.type_int() }}) as customers,
        restated.published_score,
        restated.previous_score,
        restated.restated_score,
        restated.published_band,
        restated.restated_band,
        restated.restated_status
    from restated
    cross join next_load

)

select * from final
