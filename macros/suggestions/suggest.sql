{#
    `make suggest`, its second half: prints whole configuration seeds as one line of JSON, by seed its
    columns and rows, with the version that the data suggest and every other row as it is. The first
    half, a trial build up to scoring_engagement__suggested_bands, made the suggestions; both with
    --vars 'suggesting: true'. The command writes the files: a name in the data may look like anything.

    The suggested version takes the place of the one that it is made after. If that one is published
    it gets the next number and is a challenger: engagement_what_if then shows what it would change.
#}
{% macro suggest() -%}
    {%- if execute -%}
        {%- if not customer_engagement.is_suggesting() -%}
            {%- do exceptions.raise_compiler_error(
                'suggest prints what a trial build found. Run make suggest, or both of\n'
                ~ "  dbt build --select +scoring_engagement__suggested_bands +int_engagement__unlisted_activity_types --exclude-resource-type unit_test test --vars 'suggesting: true'\n"
                ~ "  dbt run-operation suggest --vars 'suggesting: true'"
            ) -%}
        {%- endif -%}
        {%- set place = customer_engagement.suggestion_place() -%}
        {%- set seeds = {} -%}
        {%- for seed in ['activity_types', 'activity_weights', 'score_models', 'score_metrics', 'score_bands'] -%}
            {%- set columns = customer_engagement.config_seed_specs()[seed]['columns'].keys() | list + ['reason'] -%}
            {%- set kept = run_query(customer_engagement.kept_seed_rows(seed, columns, place)).rows -%}
            {%- set suggested = run_query(customer_engagement.suggested_seed_rows(seed, columns, place)).rows -%}
            {%- do seeds.update({seed: {
                'columns': columns,
                'rows': customer_engagement.seed_texts(kept) + customer_engagement.seed_texts(suggested),
            }}) -%}
        {%- endfor -%}
        {%- do print(tojson(seeds)) -%}
    {%- endif -%}
{%- endmacro %}

{#
    Where the suggested version goes: score_model and version of the seeds that it is made after
    (target), the version that it becomes, its status, whether it replaces the target.
#}
{% macro suggestion_place() -%}
    {%- set target = run_query(
        customer_engagement.suggestion_target(ref('config_engagement__score_models'))
    ).rows[0] -%}
    {%- set versions = [] -%}
    {%- for row in run_query(
        'select version from ' ~ ref('config_engagement__score_models') ~ " where version != 'suggested' and score_model = "
        ~ customer_engagement.text_literal(target[0])
    ).rows -%}
        {%- do versions.append(row[0]) -%}
    {%- endfor -%}
    {%- set replaces = target[1] in versions
        and not customer_engagement.is_published(target[0], target[1]) -%}
    {%- set numbers = versions | map('int', 0) | list -%}
    {{ return({
        'score_model': target[0],
        'target': target[1],
        'version': target[1] if replaces else (([0] + numbers) | max + 1) | string,
        'status': 'champion' if replaces or not versions else 'challenger',
        'replaces': replaces,
    }) }}
{%- endmacro %}

{# Whether scores made with a version have been published. #}
{% macro is_published(score_model, version) -%}
    {%- set record = customer_engagement.published_settings_record() -%}
    {%- if record is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set found = run_query(
        'select count(*) from (' ~ customer_engagement.last_published_settings(record) ~ ') as last_settings where score_model = '
        ~ customer_engagement.text_literal(score_model) ~ ' and version = ' ~ customer_engagement.text_literal(version)
    ) -%}
    {{ return(found.columns[0].values()[0] > 0) }}
{%- endmacro %}

{# The rows of a seed that stay, as they were found: a select. #}
{% macro kept_seed_rows(seed, columns, place) -%}
    {%- set relation = ref(seed) -%}
    {%- set present = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do present.append(column.name | lower) -%}
    {%- endfor -%}
    select
        {%- for column in columns %}
        {{ column if column in present else 'null' }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {%- if place.replaces and 'version' in columns %}
    where not (
        score_model = {{ customer_engagement.text_literal(place.score_model) }}
        and version = {{ customer_engagement.text_literal(place.version) }}
    )
    {%- endif %}
    order by {{ columns | join(', ') }}
{%- endmacro %}

{# The suggested rows of a seed, under the version that they become: a select. #}
{% macro suggested_seed_rows(seed, columns, place) -%}
    {%- set key = [
        customer_engagement.text_literal(place.score_model) ~ ' as score_model',
        customer_engagement.text_literal(place.version) ~ ' as version',
    ] | join(', ') -%}
    {%- if seed == 'activity_types' -%}
    select {{ columns | join(', ') }}
    from (
        select
            activity_type,
            {{ customer_engagement.guessed_touchpoint('activity_type') }} as touchpoint,
            {{ customer_engagement.guessed_role('activity_type') }} as role,
            null as exposed_by,
            null as journey_stage,
            'count' as value_basis,
            sum(interactions) as interactions,
            {{ dbt.concat([
                customer_engagement.as_count('sum(interactions)'),
                "' interactions; touchpoint and role are guesses from the name: correct them'",
                "case when not " ~ customer_engagement.is_guessed_engaged('activity_type')
                    ~ " then '; not an act of engagement by its name, so no points are proposed' else '' end",
            ]) }} as reason
        from {{ ref('int_engagement__unlisted_activity_types') }}
        group by activity_type
    ) as unlisted
    order by interactions desc, activity_type
    {%- elif seed == 'activity_weights' -%}
    select {{ columns | join(', ') }}
    from (
        select
            {{ key }},
            weights.activity_type,
            weights.points,
            weights.daily_cap,
            weights.half_life_days,
            case
                when suggested.reason is null or weights.points < 0
                    then 'points: as they were, in proportion to the others, as no habit shows how bad it is; cap: kept; half-life: that of all others'
                else suggested.reason
            end as reason
        from {{ ref('config_engagement__activity_weights') }} as weights
        left join {{ ref('scoring_engagement__suggested_activities') }} as suggested
            on weights.activity_type = suggested.activity_type
        where weights.version = 'suggested'
    ) as suggested_weights
    order by activity_type
    {%- elif seed == 'score_models' -%}
    select {{ columns | join(', ') }}
    from (
        select
            {{ key }},
            '{{ place.status }}' as status,
            target.valid_from,
            suggested.formula,
            suggested.aggregation,
            suggested.window_days,
            coalesce(target.min_coverage, suggested.min_coverage) as min_coverage,
            target.segment_column,
            target.segment_value,
            coalesce(target.priority, suggested.priority) as priority,
            {{ dbt.concat([
                "'window: five half-lives of '",
                "cast(cast(half_lives.half_life_days as " ~ dbt.type_int() ~ ") as " ~ dbt.type_string() ~ ")",
                "' days; what drops out at its edge is down to a thirty-second'",
            ]) }} as reason
        from {{ ref('config_engagement__score_models') }} as suggested
        cross join (
            select max(half_life_days) as half_life_days from {{ ref('scoring_engagement__suggested_activities') }}
        ) as half_lives
        left join {{ ref('config_engagement__score_models') }} as target
            on target.score_model = suggested.score_model
            and target.version = {{ customer_engagement.text_literal(place.target) }}
        where suggested.version = 'suggested'
    ) as suggested_models
    {%- elif seed == 'score_metrics' -%}
    select {{ columns | join(', ') }}
    from (
        select {{ key }}, * from {{ ref('scoring_engagement__suggested_metrics') }}
    ) as suggested_metrics
    order by weight desc, metric
    {%- else -%}
    select {{ columns | join(', ') }}
    from (
        select {{ key }}, suggested.*, present.action
        from {{ ref('scoring_engagement__suggested_bands') }} as suggested
        left join {{ ref('config_engagement__score_bands') }} as present
            on present.score_model = {{ customer_engagement.text_literal(place.score_model) }}
            and present.version = {{ customer_engagement.text_literal(place.target) }}
            and suggested.band_rank = present.band_rank
    ) as suggested_bands
    order by lower_bound desc
    {%- endif -%}
{%- endmacro %}
