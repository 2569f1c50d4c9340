-- depends_on: {{ ref('config_engagement__problems') }}
with

survey_types as (

    select * from {{ ref('config_engagement__survey_types_rows') }}

),

final as (

    select
        survey_type,
        metric,
        scale_min,
        scale_max,
        valid_days
    from survey_types

)

select * from final
