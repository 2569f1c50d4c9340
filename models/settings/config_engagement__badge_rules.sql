-- depends_on: {{ ref('config_engagement__problems') }}
with

badge_rules as (

    {{ customer_engagement.config_seed_rows('badge_rules') }}

),

final as (

    select
        badge,
        measure,
        comparison,
        threshold,
        description
    from badge_rules

)

select * from final
