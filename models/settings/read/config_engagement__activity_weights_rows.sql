with

activity_weights as (

    {{ customer_engagement.config_seed_rows('activity_weights') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types_rows') }}

),

activities_without_points as (

    select distinct activity_types.activity_type
    from activity_types
    where not {{ customer_engagement.has_points('activity_types') }}

),

final as (

    select
        activity_weights.*,
        case
            when activities_without_points.activity_type is null then activity_weights.points
            else 0
        end as counted_points
    from activity_weights
    left join activities_without_points
        on activity_weights.activity_type = activities_without_points.activity_type

)

select * from final
