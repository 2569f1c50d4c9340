{%- set stored_scores = stored_relation('engagement_scores') -%}
{%- set record = published_settings_record() -%}
{%- set log = restatements_log() -%}
{%- set company = published_company() -%}
-- Versions that were ever published. One that is scored for the first time has nothing to restate,
-- nor has one that was a challenger until now.
with published_versions as (

    {% if record is none -%}
    select
        score_model,
        version
    from {{ ref('config_engagement__score_models') }}
    where false
    {%- else -%}
    select distinct
        score_model,
        version
    from {{ record }}
    where company = '{{ company }}'
    {%- endif %}

),

-- Without a table of the last run, none.
last_scores as (

    {% if stored_scores is none -%}
    select
        cast(null as {{ dbt.type_string() }}) as customer_id,
        score_model,
        version,
        cast(null as date) as period_end,
        cast(null as double) as score,
        cast(null as {{ dbt.type_string() }}) as band
    from published_versions
    where false
    {%- else -%}
    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.score,
        scores.band
    from {{ stored_scores }} as scores
    inner join published_versions
        on
            scores.score_model = published_versions.score_model
            and scores.version = published_versions.version
    {%- endif %}

),

loads as (

    {% if log is none -%}
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
    from last_scores
    where false
    {%- else -%}
    select
        *,
        max(load_number) over (
            partition by customer_id, score_model, version, period_end
        ) as last_load_number
    from {{ log }}
    where company = '{{ company }}' and customer_id is not null
    {%- endif %}

),

last_restatements as (

    select * from loads
    where load_number = last_load_number

),

-- The log counts before the stored score: after a run that was killed between the two, it is ahead.
final as (

    select
        coalesce(last_scores.customer_id, last_restatements.customer_id) as customer_id,
        coalesce(last_scores.score_model, last_restatements.score_model) as score_model,
        coalesce(last_scores.version, last_restatements.version) as version,
        coalesce(last_scores.period_end, last_restatements.period_end) as period_end,
        case
            when last_restatements.customer_id is null then last_scores.score
            else last_restatements.published_score
        end as published_score,
        case
            when last_restatements.customer_id is null then last_scores.band
            else last_restatements.published_band
        end as published_band,
        case
            when last_restatements.customer_id is null then last_scores.score
            else last_restatements.restated_score
        end as score
    from last_scores
    full outer join last_restatements
        on
            last_scores.customer_id = last_restatements.customer_id
            and last_scores.score_model = last_restatements.score_model
            and last_scores.version = last_restatements.version
            and last_scores.period_end = last_restatements.period_end

)

select * from final
