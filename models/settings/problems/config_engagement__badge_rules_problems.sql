with

badge_rules as (

    select * from {{ ref('config_engagement__badge_rules_rows') }}

),

final as (
    {{ customer_engagement.config_column_rules('badge_rules') }}
)

select * from final
