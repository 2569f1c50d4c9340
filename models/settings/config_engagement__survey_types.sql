-- depends_on: {{ ref('config_engagement__problems') }}
with

survey_types as (

    {{ customer_engagement.config_seed_rows('survey_types') }}

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
