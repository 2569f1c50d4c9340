-- The one check of the configuration seeds: everything that scores depends on this table, and its
-- post-hook stops the run with the list when there is a row. Rules about one column are generated
-- from config_seed_specs; rules across columns, rows and seeds stand here, one select each. Edits
-- of published versions are found by the record that engagement_published_settings keeps.
{{ config(post_hook=after_commit('{{ customer_engagement.raise_config_problems() }}')) }}
{{ customer_engagement.depends_on('config_engagement__python_packages') }}

{%- set seeds = customer_engagement.config_seed_specs().keys() | list %}
{%- set metrics = customer_engagement.metric_catalog() %}
{%- set segment_columns = customer_engagement.segment_columns() %}
{%- set known_segments = segment_columns | join(', ') or '(none)' %}
{%- set quoted_segments = "'" ~ segment_columns | join("', '") ~ "'" %}
{%- set period_days = customer_engagement.config_period_days() %}
{%- set journey_stages = customer_engagement.journey_stages() %}
{%- set grain = scoring_grain() %}
{%- set min_exposure_days = var('min_exposure_days', 7) %}
{%- set restate = var('restate_published', false) %}
{%- set record = none if restate else customer_engagement.published_settings_record() %}
{%- set kpis = customer_engagement.kpis() | reject('equalto', 'band_share') | list %}
{%- set known_kpis = kpis | join(', ') %}
{%- set quoted_kpis = "'" ~ kpis | join("', '") ~ "'" %}
{%- set has_scale = "coalesce(scaling, '') != 'percentile'" %}
{%- set since_ever = "date '0001-01-01'" %}
{%- set pointless = customer_engagement.roles_without_points() | join(' and ') %}
{#- Closer bounds than this divide by next to nothing. #}
{%- set least_distance = '0.000001' %}

with

activity_types as (

    {{ customer_engagement.config_seed_rows('activity_types') }}

),

activity_weights as (

    {{ customer_engagement.config_seed_rows('activity_weights') }}

),

survey_types as (

    {{ customer_engagement.config_seed_rows('survey_types') }}

),

score_models as (

    {{ customer_engagement.config_seed_rows('score_models') }}

),

score_metrics as (

    {{ customer_engagement.config_seed_rows('score_metrics') }}

),

score_bands as (

    {{ customer_engagement.config_seed_rows('score_bands') }}

),

score_overrides as (

    {{ customer_engagement.config_seed_rows('score_overrides') }}

),

external_events as (

    {{ customer_engagement.config_seed_rows('external_events') }}

),

badge_rules as (

    {{ customer_engagement.config_seed_rows('badge_rules') }}

),

kpi_targets as (

    {{ customer_engagement.config_seed_rows('kpi_targets') }}

),

-- What a message lists as accepted.
known as (

    select
        (
            select {{ dbt.listagg('activity_type', "', '", 'order by activity_type') }}
            from (select distinct activity_type from activity_types) as listed
        ) as activities,
        (
            select {{ dbt.listagg('activity_type', "', '", 'order by activity_type') }}
            from (
                select distinct activity_type from activity_types
                where role = 'exposure'
            ) as listed
        ) as exposures,
        (
            select {{ dbt.listagg('score_version', "', '", 'order by score_version') }}
            from (
                select distinct score_model || ' ' || version as score_version from score_models
            ) as listed
        ) as versions,
        (
            select {{ dbt.listagg('score_model', "', '", 'order by score_model') }}
            from (select distinct score_model from score_models) as listed
        ) as score_model_names

),

version_settings as (

    {{ customer_engagement.version_settings() }}

),

last_editions as (

    {{ customer_engagement.last_published_settings(record) }}

),

published_settings as (

    select * from last_editions
    where settings != 'withdrawn'

),

-- Champions and the versions that they followed: those that take each other's place in time.
versions_in_order as (

    select
        *,
        first_value(version) over (
            partition by score_model order by valid_from desc nulls last
        ) as last_version,
        first_value(status) over (
            partition by score_model order by valid_from desc nulls last
        ) as last_status
    from score_models
    where
        status in ('champion', 'retired')
        and (valid_from is not null or valid_from_text is null)

),

published_models as (

    select * from versions_in_order
    where status = 'champion' or version != last_version

),

weights_per_model as (

    select
        activity_weights.score_model,
        activity_weights.version,
        max(
            case
                when {{ customer_engagement.has_points('activity_types') }}
                    then abs(activity_weights.points)
                else 0
            end
        ) as largest_points
    from activity_weights
    left join activity_types
        on activity_weights.activity_type = activity_types.activity_type
    group by activity_weights.score_model, activity_weights.version

),

metrics_per_model as (

    select
        score_model,
        version,
        max(weight) as largest_weight
    from score_metrics
    group by score_model, version

),

formulas as (

    select
        score_model,
        version,
        min(formula) as formula
    from score_models
    group by score_model, version

),

bands_in_order as (

    select
        score_bands.*,
        formulas.formula,
        row_number() over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as position_from_below,
        lag(score_bands.lower_bound) over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as bound_below,
        lag(score_bands.settle_margin) over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as margin_below,
        lag(score_bands.band) over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as band_below
    from score_bands
    inner join formulas
        on
            score_bands.score_model = formulas.score_model
            and score_bands.version = formulas.version
    where score_bands.lower_bound is not null

),

column_problems as (
    {% for seed in seeds %}
    {{ customer_engagement.config_column_rules(seed) }}
    {{- "union all" if not loop.last }}
    {% endfor %}
),

model_reference_problems as (
    {% for seed in ['activity_weights', 'score_metrics', 'score_bands'] %}
    select
        '{{ seed }}' as seed,
        {{ seed }}.row_key,
        'score_models has no version "' || {{ seed }}.version || '" of a score model "'
        || {{ seed }}.score_model || '"; use one of: ' || coalesce(known.versions, '(none)')
        || ', or add the version to score_models' as problem
    from {{ seed }}
    cross join known
    left join score_models
        on
            {{ seed }}.score_model = score_models.score_model
            and {{ seed }}.version = score_models.version
    where
        {{ seed }}.score_model is not null
        and {{ seed }}.version is not null
        and score_models.score_model is null
    {{ "union all" if not loop.last }}
    {% endfor %}
),

activity_type_problems as (

    select
        'activity_types' as seed,
        activity_types.row_key,
        'exposed_by is "' || activity_types.exposed_by
        || '", which is not an activity type of role exposure in this seed; use one of: '
        || coalesce(known.exposures, '(none)') || ', or leave it blank' as problem
    from activity_types
    cross join known
    left join activity_types as exposures
        on
            activity_types.exposed_by = exposures.activity_type
            and exposures.role = 'exposure'
    where
        activity_types.exposed_by is not null
        and exposures.activity_type is null

    union all

    select
        'activity_types' as seed,
        row_key,
        'exposed_by is "' || exposed_by
        || '", but the activity is an exposure itself; leave exposed_by blank, or change its role'
            as problem
    from activity_types
    where
        role = 'exposure'
        and exposed_by is not null

    union all

    select
        'activity_types' as seed,
        row_key,
        'journey_stage is "' || journey_stage
        || '", which the variable journey_stages does not name; use one of: '
        || {{ customer_engagement.text_literal(journey_stages | join(', ')) }}
        || ', leave it blank, or add it to the variable' as problem
    from activity_types
    where
        journey_stage is not null
        and journey_stage not in (
            {%- for stage in journey_stages %}
            {{ customer_engagement.text_literal(stage) }}{{ ',' if not loop.last }}
            {%- endfor %}
        )

),

activity_weight_problems as (

    select
        'activity_weights' as seed,
        activity_weights.row_key,
        'activity_type is "' || activity_weights.activity_type
        || '", which is not in activity_types; use one of: '
        || coalesce(known.activities, '(none)') || ', or add it there' as problem
    from activity_weights
    cross join known
    left join activity_types
        on activity_weights.activity_type = activity_types.activity_type
    where
        activity_weights.activity_type is not null
        and activity_types.activity_type is null

    union all

    -- At the window's edge an activity drops out at once: little may be left of it by then.
    select
        'activity_weights' as seed,
        activity_weights.row_key,
        'half_life_days is ' || activity_weights.half_life_days_text || ', too long for '
        || 'window_days ' || score_models.window_days_text
        || ': more than a tenth of the points would be left at the edge of the window; use at most '
        || cast(
            floor(100 * score_models.window_days * ln(2) / ln(10)) / 100
            as {{ dbt.type_string() }}
        )
        || ', a longer window, or leave it blank for no decay' as problem
    from activity_weights
    inner join score_models
        on
            activity_weights.score_model = score_models.score_model
            and activity_weights.version = score_models.version
    where
        activity_weights.half_life_days > 0
        and score_models.window_days > 0
        and power(2, -score_models.window_days / activity_weights.half_life_days) > 0.1

),

survey_type_problems as (

    select
        'survey_types' as seed,
        row_key,
        'scale_min is ' || scale_min_text || ' and scale_max is ' || scale_max_text
        || '; scale_min is the worst rating and must be below scale_max, by at least '
        || '{{ least_distance }}' as problem
    from survey_types
    where scale_max - scale_min < {{ least_distance }}

    union all

    select
        'survey_types' as seed,
        row_key,
        'the scale of an nps survey is ' || scale_min_text || ' to ' || scale_max_text
        || '; it must be 0 to 10 (map another scale to csat or loyalty)' as problem
    from survey_types
    where
        metric = 'nps'
        and (scale_min != 0 or scale_max != 10)

),

score_model_problems as (

    select
        'score_models' as seed,
        '(all rows)' as row_key,
        'no row has status champion, so no score would be published; give one version of one '
        || 'score model the status champion' as problem
    from score_models
    where status = 'champion'
    having count(*) = 0

    union all

    select
        'score_models' as seed,
        row_key,
        'window_days is ' || window_days_text
        || ', which is not a whole number of scoring periods; under scoring_grain {{ grain }} it '
        || 'must be a multiple of {{ period_days }}' as problem
    from score_models
    where
        window_days > 0
        and mod(window_days, {{ period_days }}) != 0

    union all

    -- Nobody is exposed for longer than the window.
    select
        'score_models' as seed,
        row_key,
        'window_days is ' || window_days_text
        || ', but min_exposure_days is {{ min_exposure_days }}, so everybody would be new and '
        || 'nobody scored; use a window of at least {{ min_exposure_days }}, or lower the variable '
        || 'min_exposure_days' as problem
    from score_models
    where
        window_days > 0
        and window_days < {{ min_exposure_days }}

    union all

    select
        'score_models' as seed,
        row_key,
        'segment_column is ' || coalesce('"' || segment_column || '"', 'blank')
        || ' and segment_value is ' || coalesce('"' || segment_value || '"', 'blank')
        || '; fill in both to score one segment, or neither to score everybody' as problem
    from score_models
    where
        (segment_column is null and segment_value is not null)
        or (segment_column is not null and segment_value is null)

    union all

    select
        'score_models' as seed,
        row_key,
        'segment_column is "' || segment_column
        || '", which the variable segment_columns does not name; use one of: '
        || '{{ known_segments }}, or add it to the variable' as problem
    from score_models
    where
        segment_column is not null
        and segment_column not in ({{ quoted_segments }})

    union all

    -- Versions of one score model follow each other and may share a priority.
    select
        'score_models' as seed,
        published_models.row_key,
        'priority is ' || published_models.priority_text || ', as in score model "'
        || other_models.score_model || '"; published score models need different priorities: the '
        || 'lowest whose segment matches is the champion of a customer' as problem
    from published_models
    inner join published_models as other_models
        on
            published_models.priority = other_models.priority
            and published_models.score_model != other_models.score_model

    union all

    select
        'score_models' as seed,
        versions_in_order.row_key,
        'valid_from is ' || coalesce(versions_in_order.valid_from_text, 'blank')
        || ', as in version "' || other_versions.version
        || '": two versions would be in force at once; give each its own first day, or make one '
        || 'a challenger' as problem
    from versions_in_order
    inner join versions_in_order as other_versions
        on
            versions_in_order.score_model = other_versions.score_model
            and versions_in_order.version != other_versions.version
            and coalesce(versions_in_order.valid_from, {{ since_ever }})
            = coalesce(other_versions.valid_from, {{ since_ever }})

    union all

    -- A version that was tried and withdrawn does not bring the one before it back.
    select
        'score_models' as seed,
        row_key,
        'status is champion, but the last version, "' || last_version
        || '", is retired, so from its valid_from on the model is not scored; add a new version '
        || 'with a later valid_from, or make version "' || last_version || '" a challenger'
            as problem
    from versions_in_order
    where
        status = 'champion'
        and last_status = 'retired'

    union all

    select
        'score_models' as seed,
        score_models.row_key,
        'formula is index, but score_metrics has no row for it; add its metrics to score_metrics, '
        || 'or use one of: weighted_sum, weighted_mean, metric_mean' as problem
    from score_models
    left join metrics_per_model
        on
            score_models.score_model = metrics_per_model.score_model
            and score_models.version = metrics_per_model.version
    where
        score_models.formula = 'index'
        and metrics_per_model.score_model is null

    union all

    select
        'score_models' as seed,
        score_models.row_key,
        'formula is index, but all its weights in score_metrics are 0; give at least one metric '
        || 'a weight above 0' as problem
    from score_models
    inner join metrics_per_model
        on
            score_models.score_model = metrics_per_model.score_model
            and score_models.version = metrics_per_model.version
    where
        score_models.formula = 'index'
        and metrics_per_model.largest_weight = 0

    union all

    select
        'score_models' as seed,
        score_models.row_key,
        'formula is ' || score_models.formula || ', but activity_weights has no row for it with '
        || 'points other than 0 (those of what the company does, {{ pointless }}, '
        || 'count nothing); add its activities to activity_weights, or use index' as problem
    from score_models
    left join weights_per_model
        on
            score_models.score_model = weights_per_model.score_model
            and score_models.version = weights_per_model.version
    where
        score_models.formula in ('weighted_sum', 'weighted_mean', 'metric_mean')
        and coalesce(weights_per_model.largest_points, 0) = 0

    union all

    select
        'score_models' as seed,
        row_key,
        'aggregation is geometric, but formula is ' || formula
        || ', which adds points up; use arithmetic, leave it blank, or use formula index'
            as problem
    from score_models
    where
        formula in ('weighted_sum', 'weighted_mean', 'metric_mean')
        and aggregation = 'geometric'

),

score_metric_problems as (

    select
        'score_metrics' as seed,
        score_metrics.row_key,
        'weight is ' || score_metrics.weight_text || ', but activity_weights has no row for this '
        || 'model version with points other than 0 (those of what the company does, '
        || '{{ pointless }}, count nothing); add its activities there, or set the weight '
        || 'to 0' as problem
    from score_metrics
    left join weights_per_model
        on
            score_metrics.score_model = weights_per_model.score_model
            and score_metrics.version = weights_per_model.version
    where
        score_metrics.metric = 'decayed_points'
        and score_metrics.weight > 0
        and coalesce(weights_per_model.largest_points, 0) = 0

    union all

    select
        'score_metrics' as seed,
        row_key,
        'lower is ' || cast(lower as {{ dbt.type_string() }}) || ' and goal is ' || goal_text
        || '; lower scores 0 and goal scores 100, so they must differ, by at least '
        || '{{ least_distance }}' as problem
    from score_metrics
    where
        scaling = 'goal'
        and abs(lower - goal) < {{ least_distance }}

    union all

    select
        'score_metrics' as seed,
        row_key,
        'scaling is log_goal, but goal is ' || goal_text || ' and lower is '
        || cast(lower as {{ dbt.type_string() }})
        || '; log_goal needs a goal above lower (use scaling goal for a reversed scale)' as problem
    from score_metrics
    where
        scaling = 'log_goal'
        and goal - lower < {{ least_distance }}

    union all

    select
        'score_metrics' as seed,
        row_key,
        'scaling is saturation, but goal is ' || coalesce(goal_text, 'blank') || ' and lower is '
        || cast(lower as {{ dbt.type_string() }})
        || '; saturation needs a goal above 0, and lower 0 or blank' as problem
    from score_metrics
    where
        scaling = 'saturation'
        and (goal <= 0 or lower != 0)

    union all

    -- The other customers are the scale.
    select
        'score_metrics' as seed,
        row_key,
        'scaling is percentile, but lower is ' || coalesce(lower_text, 'blank') || ' and goal is '
        || coalesce(goal_text, 'blank')
        || '; a percentile compares customers with each other, so leave both blank, or use one '
        || 'of: goal, log_goal, saturation' as problem
    from score_metrics
    where
        scaling = 'percentile'
        and coalesce(lower_text, goal_text) is not null
    {% for metric, entry in metrics.items() if entry['direction'] == 'down' %}
    union all

    select
        'score_metrics' as seed,
        row_key,
        'goal is ' || goal_text || ' and lower is ' || cast(lower as {{ dbt.type_string() }})
        || ', but less {{ metric }} is better; its goal must be below lower' as problem
    from score_metrics
    where
        metric = '{{ metric }}'
        and {{ has_scale }}
        and goal > lower
    {% endfor %}
    {%- for metric, entry in metrics.items() if entry['maximum'] is not none %}
    union all

    select
        'score_metrics' as seed,
        row_key,
        'lower is ' || cast(lower as {{ dbt.type_string() }}) || ' and goal is '
        || coalesce(goal_text, 'blank')
        || '; {{ metric }} is measured as {{ entry["unit"] }}, so both must be at most '
        || '{{ entry["maximum"] }}' as problem
    from score_metrics
    where
        metric = '{{ metric }}'
        and {{ has_scale }}
        and (lower > {{ entry['maximum'] }} or goal > {{ entry['maximum'] }})
    {% endfor %}
),

score_band_problems as (

    select
        'score_bands' as seed,
        row_key,
        'lower_bound is ' || lower_bound_text || ', but it is the lowest band of its model '
        || 'version; the lowest must start at 0, so that every score has a band' as problem
    from bands_in_order
    where
        position_from_below = 1
        and lower_bound > 0

    union all

    select
        'score_bands' as seed,
        row_key,
        'lower_bound is ' || lower_bound_text || '; an index runs from 0 to 100, and so must its '
        || 'bounds' as problem
    from bands_in_order
    where
        formula = 'index'
        and (lower_bound < 0 or lower_bound > 100)

    union all

    select
        'score_bands' as seed,
        row_key,
        'lower_bound is ' || lower_bound_text || ', as in band "' || band_below
        || '": the two bands overlap; give each band of a model version its own lower_bound'
            as problem
    from bands_in_order
    where lower_bound = bound_below

    union all

    -- The lowest band has no switch. The others are entered at bound + margin, left under
    -- bound - margin; the intervals must lie apart, or settled_band could skip or reverse.
    select
        'score_bands' as seed,
        row_key,
        'lower_bound ' || lower_bound_text || ' minus settle_margin '
        || cast(settle_margin as {{ dbt.type_string() }})
        || ' is not above the bound of band "' || band_below || '" plus its margin ('
        || cast(bound_below as {{ dbt.type_string() }}) || ' + '
        || cast(margin_below as {{ dbt.type_string() }})
        || '), so the two switch points cross; use smaller margins, or bounds further apart'
            as problem
    from bands_in_order
    where
        lower_bound > bound_below
        and lower_bound - settle_margin
        <= bound_below + case when position_from_below = 2 then 0 else margin_below end

    union all

    select
        'score_bands' as seed,
        row_key,
        'lower_bound ' || lower_bound_text || ' plus settle_margin '
        || cast(settle_margin as {{ dbt.type_string() }})
        || ' is over 100, which no score reaches: nobody would ever settle in this band; use a '
        || 'smaller margin' as problem
    from bands_in_order
    where
        formula = 'index'
        and position_from_below > 1
        and lower_bound <= 100
        and lower_bound + settle_margin > 100

),

score_override_problems as (

    select
        'score_overrides' as seed,
        score_overrides.row_key,
        'score_model is "' || score_overrides.score_model || '", which is not in score_models; '
        || 'use one of: ' || coalesce(known.score_model_names, '(none)') as problem
    from score_overrides
    cross join known
    left join score_models
        on score_overrides.score_model = score_models.score_model
    where
        score_overrides.score_model is not null
        and score_models.score_model is null

    union all

    select
        'score_overrides' as seed,
        row_key,
        'valid_to is ' || valid_to_text || ', before valid_from ' || valid_from_text
        || '; it is the last day on which the override holds, so it must be valid_from or later'
            as problem
    from score_overrides
    where valid_to < valid_from

    union all

    select
        'score_overrides' as seed,
        score_overrides.row_key,
        'its days overlap those of the override of the same customer and score model from '
        || earlier.valid_from_text || ' to ' || earlier.valid_to_text
        || ', so that two scores would hold at once; let valid_to of the one lie before valid_from '
        || 'of the other, or keep one of them' as problem
    from score_overrides
    inner join score_overrides as earlier
        on
            score_overrides.customer_id = earlier.customer_id
            and score_overrides.score_model = earlier.score_model
            and score_overrides.valid_from > earlier.valid_from
            and score_overrides.valid_from <= earlier.valid_to

),

external_event_problems as (

    select
        'external_events' as seed,
        row_key,
        'ends_on is ' || ends_on_text || ', before starts_on ' || starts_on_text
        || '; it is the last day of the event, so it must be starts_on or later' as problem
    from external_events
    where ends_on < starts_on

),

-- A segment that nobody is in, or a band that no version has, is no problem: the target waits.
kpi_target_problems as (

    select
        'kpi_targets' as seed,
        row_key,
        'kpi is "' || kpi || '", which is not a KPI; use one of: '
        || '{{ known_kpis }}, or band_share:<band>' as problem
    from kpi_targets
    where
        kpi not in ({{ quoted_kpis }})
        and kpi not like 'band_share:_%'

    union all

    select
        'kpi_targets' as seed,
        row_key,
        'segment_column is ' || coalesce('"' || segment_column_text || '"', 'blank')
        || ' and segment_value is ' || coalesce('"' || segment_value_text || '"', 'blank')
        || '; fill in both for a target of one segment, or neither for all customers' as problem
    from kpi_targets
    where
        (segment_column_text is null and segment_value_text is not null)
        or (segment_column_text is not null and segment_value_text is null)

    union all

    select
        'kpi_targets' as seed,
        row_key,
        'period_grain is blank, but a week''s ' || kpi || ' cannot be held against a month''s; '
        || 'use one of: {{ customer_engagement.kpi_grains() | join(", ") }}' as problem
    from kpi_targets
    where
        kpi in ({{ customer_engagement.quoted_kpis('by_grain') }})
        and period_grain_text is null

    union all

    select
        'kpi_targets' as seed,
        row_key,
        'target is ' || target_text || ', but ' || kpi
        || ' is a ratio from 0 to 1; write 40 percent as 0.4' as problem
    from kpi_targets
    where
        {{ customer_engagement.kpi_of_catalog('kpi') }}
        in ({{ customer_engagement.quoted_kpis('unit', '0..1') }})
        and not target between 0 and 1

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
            when versions_in_order.version = versions_in_order.last_version
                then 'status is retired and no version follows'
        end as why
    from published_settings
    left join score_models
        on
            published_settings.score_model = score_models.score_model
            and published_settings.version = score_models.version
    left join versions_in_order
        on
            published_settings.score_model = versions_in_order.score_model
            and published_settings.version = versions_in_order.version
            and versions_in_order.status = 'retired'
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

),

problems as (

    select * from column_problems
    union all
    select * from model_reference_problems
    union all
    select * from activity_type_problems
    union all
    select * from activity_weight_problems
    union all
    select * from survey_type_problems
    union all
    select * from score_model_problems
    union all
    select * from score_metric_problems
    union all
    select * from score_band_problems
    union all
    select * from score_override_problems
    union all
    select * from external_event_problems
    union all
    select * from kpi_target_problems
    union all
    select * from published_problems

),

final as (

    -- A row that stands twice shows each of its problems once.
    select distinct
        seed,
        row_key,
        problem
    from problems

)

select * from final
