-- Appended to and never rebuilt: it alone knows with which settings published scores were made, and
-- config_engagement__problems compares the seeds with it. It is built after the scores, so that a
-- setting counts as published only once there are scores made with it.
{{ config(
    grants=marts_grants(),
    materialized='incremental',
    on_schema_change='append_new_columns',
    full_refresh=false,
) }}

with version_settings as (

    select * from {{ ref('config_engagement__version_settings') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

scored_versions as (

    select distinct
        score_model,
        version
    from {{ ref('engagement_scores') }}

),

last_editions as (

    {{ customer_engagement.last_published_settings(this if is_incremental() else none) }}

),

recorded_versions as (

    select
        score_model,
        version,
        max(edition) as edition,
        max(case when settings = 'withdrawn' then 1 else 0 end) = 1 as is_withdrawn
    from last_editions
    group by score_model, version

),

-- A recorded version stays published where scoring_start leaves it no period.
published_versions as (

    select
        score_models.score_model,
        score_models.version
    from score_models
    left join scored_versions
        on
            score_models.score_model = scored_versions.score_model
            and score_models.version = scored_versions.version
    left join recorded_versions
        on
            score_models.score_model = recorded_versions.score_model
            and score_models.version = recorded_versions.version
    where
        score_models.status != 'challenger'
        and score_models.is_scored
        and (scored_versions.score_model is not null or not recorded_versions.is_withdrawn)

),

current_settings as (

    select version_settings.*
    from version_settings
    inner join published_versions
        on
            version_settings.score_model = published_versions.score_model
            and version_settings.version = published_versions.version

    union all

    select
        recorded_versions.score_model,
        recorded_versions.version,
        'score_models' as seed,
        '(version)' as setting,
        'withdrawn' as settings
    from recorded_versions
    left join published_versions
        on
            recorded_versions.score_model = published_versions.score_model
            and recorded_versions.version = published_versions.version
    where published_versions.score_model is null

),

changed_versions as (

    select distinct
        coalesce(current_settings.score_model, last_editions.score_model) as score_model,
        coalesce(current_settings.version, last_editions.version) as version
    from current_settings
    full outer join last_editions
        on
            current_settings.score_model = last_editions.score_model
            and current_settings.version = last_editions.version
            and current_settings.seed = last_editions.seed
            and current_settings.setting = last_editions.setting
    where coalesce(current_settings.settings, '') != coalesce(last_editions.settings, '')

),

final as (

    select
        -- ids
        cast(coalesce(recorded_versions.edition, 0) + 1 as {{ dbt.type_int() }}) as edition,
        '{{ customer_engagement.published_company() }}' as company,
        current_settings.score_model,
        current_settings.version,
        current_settings.seed,
        current_settings.setting,

        current_settings.settings
    from current_settings
    inner join changed_versions
        on
            current_settings.score_model = changed_versions.score_model
            and current_settings.version = changed_versions.version
    left join recorded_versions
        on
            current_settings.score_model = recorded_versions.score_model
            and current_settings.version = recorded_versions.version
    {%- if not var('restate_published', false) %}
    -- An edit that got past config_engagement__problems must not become the record.
    where
        recorded_versions.score_model is null
        or recorded_versions.is_withdrawn
    {%- endif %}

)

select * from final
