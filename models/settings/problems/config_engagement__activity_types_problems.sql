{%- set journey_stages = customer_engagement.journey_stages() %}
with

activity_types as (

    select * from {{ ref('config_engagement__activity_types_rows') }}

),

exposure_names as (

    select {{ dbt.listagg('activity_type', "', '", 'order by activity_type') }} as accepted
    from (
        select distinct activity_type from activity_types
        where role = 'exposure'
    ) as listed

),

column_problems as (
    {{ customer_engagement.config_column_rules('activity_types') }}
),

row_problems as (

    select
        'activity_types' as seed,
        activity_types.row_key,
        'exposed_by is "' || activity_types.exposed_by
        || '", which is not an activity type of role exposure in this seed; use one of: '
        || coalesce(exposure_names.accepted, '(none)') || ', or leave it blank' as problem
    from activity_types
    cross join exposure_names
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

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
