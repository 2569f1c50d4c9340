-- Edits of published versions, found by the record that engagement_published_settings keeps.
{%- set restate = var('restate_published', false) %}
{%- set record = none if restate else customer_engagement.published_settings_record() %}

with

score_models as (

    select * from {{ ref('config_engagement__score_models_rows') }}

),

version_settings as (

    select * from {{ ref('config_engagement__version_settings_rows') }}

),

last_editions as (

    {{ customer_engagement.last_published_settings(record) }}

),

published_settings as (

    select * from last_editions
    where settings != 'withdrawn'

),

-- Published versions whose scores would go.
withdrawn_versions as (

    select
        published_settings.score_model,
        published_settings.version,
        published_settings.settings,
        case
            when score_models.score_model is null then 'the row is gone'
            when score_models.status = 'challenger' then 'status is challenger'
            when
                score_models.status = 'retired'
                and score_models.version = score_models.last_version
                then 'status is retired and no version follows'
        end as why
    from published_settings
    left join score_models
        on
            published_settings.score_model = score_models.score_model
            and published_settings.version = score_models.version
    where published_settings.seed = 'score_models'

),

-- Row by row, the versions as they were published and as they are now.
published_versions as (

    select
        score_model,
        version
    from withdrawn_versions
    where why is null

),

settings_before as (

    select published_settings.*
    from published_settings
    inner join published_versions
        on
            published_settings.score_model = published_versions.score_model
            and published_settings.version = published_versions.version

),

settings_now as (

    select version_settings.*
    from version_settings
    inner join published_versions
        on
            version_settings.score_model = published_versions.score_model
            and version_settings.version = published_versions.version

),

settings_compared as (

    select
        coalesce(settings_before.score_model, settings_now.score_model) as score_model,
        coalesce(settings_before.version, settings_now.version) as version,
        coalesce(settings_before.seed, settings_now.seed) as seed,
        coalesce(settings_before.setting, settings_now.setting) as setting,
        settings_before.settings as was,
        settings_now.settings as is_now
    from settings_before
    full outer join settings_now
        on
            settings_before.score_model = settings_now.score_model
            and settings_before.version = settings_now.version
            and settings_before.seed = settings_now.seed
            and settings_before.setting = settings_now.setting

),

published_edits as (

    select
        score_model,
        version,
        'score_models' as seed,
        '(version)' as setting,
        why || ', but the version is published, with ' || settings
        || ', and its scores would be withdrawn' as edit
    from withdrawn_versions
    where why is not null

    union all

    select
        score_model,
        version,
        seed,
        setting,
        case
            when is_now is null
                then 'the row is gone, but it belongs to a published version, with ' || was
            when was is null
                then 'the row, with ' || is_now || ', is not in the version as it was published'
            else 'the version is published with ' || was || ', but the row now has ' || is_now
        end as edit
    from settings_compared
    where coalesce(was, '') != coalesce(is_now, '')

),

published_problems as (

    select
        seed,
        'score_model=' || score_model || ', version=' || version
        || case when setting != '(version)' then ', ' || setting else '' end as row_key,
        edit || '; put back what was there, or add a new version with a later valid_from (copy the '
        || 'rows and change the copy; try it as a challenger first), or restate the published '
        || 'scores on purpose: dbt build --vars ''restate_published: true''' as problem
    from published_edits

)

select * from published_problems
