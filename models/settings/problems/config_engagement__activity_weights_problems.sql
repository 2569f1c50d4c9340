with

activity_types as (

    select * from {{ ref('config_engagement__activity_types_rows') }}

),

activity_weights as (

    select * from {{ ref('config_engagement__activity_weights_rows') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models_rows') }}

),

activity_names as (

    select {{ dbt.listagg('activity_type', "', '", 'order by activity_type') }} as accepted
    from (select distinct activity_type from activity_types) as listed

),

column_problems as (
    {{ customer_engagement.config_column_rules('activity_weights') }}
),

row_problems as (

    select
        'activity_weights' as seed,
        activity_weights.row_key,
        'activity_type is "' || activity_weights.activity_type
        || '", which is not in activity_types; use one of: '
        || coalesce(activity_names.accepted, '(none)') || ', or add it there' as problem
    from activity_weights
    cross join activity_names
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

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
