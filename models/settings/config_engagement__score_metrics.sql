-- depends_on: {{ ref('config_engagement__problems') }}
with

score_metrics as (

    select * from {{ ref('config_engagement__score_metrics_rows') }}

),

with_shares as (

    select
        *,
        weight
        / nullif(sum(weight) over (partition by score_model, version), 0) as weight_share
    from score_metrics

),

final as (

    select
        score_model,
        version,
        metric,
        dimension,
        weight,
        weight_share,
        scaling,
        lower,
        goal,
        missing
    from with_shares

)

select * from final
