with survey_responses as (

    select * from {{ ref('int_engagement__pending_responses') }}

),

comment_sentiment as (

    select * from {{ ref('int_engagement__comment_sentiment') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

valid_responses as (

    {{ valid_responses('periods.period_end') | indent(4) }}

),

final as (

    {{ attitudes_of_responses() | indent(4) }}

)

select * from final
