-- depends_on: {{ ref('config_engagement__problems') }}
with

score_overrides as (

    select * from {{ ref('config_engagement__score_overrides_rows') }}

),

final as (

    select
        customer_id,
        score_model,
        score,
        reason,
        author,
        valid_from,
        valid_to
    from score_overrides

)

select * from final
