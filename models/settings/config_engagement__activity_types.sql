-- depends_on: {{ ref('config_engagement__problems') }}
with

activity_types as (

    select * from {{ ref('config_engagement__activity_types_rows') }}

),

final as (

    select
        activity_type,
        touchpoint,
        role,
        exposed_by,
        journey_stage,
        value_basis,
        role not in ('exposure', 'cancellation', 'refund', 'follow_up') as is_engaged
    from activity_types

)

select * from final
