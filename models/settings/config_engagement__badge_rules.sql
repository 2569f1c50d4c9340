-- depends_on: {{ ref('config_engagement__problems') }}
with

badge_rules as (

    select * from {{ ref('config_engagement__badge_rules_rows') }}

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
