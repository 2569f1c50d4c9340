-- depends_on: {{ ref('config_engagement__problems') }}
with

score_bands as (

    select * from {{ ref('config_engagement__score_bands_rows') }}

),

final as (

    select
        score_model,
        version,
        band,
        lower_bound,
        lead(lower_bound) over (
            partition by score_model, version order by lower_bound
        ) as upper_bound,
        cast(
            row_number() over (partition by score_model, version order by lower_bound desc)
            as {{ dbt.type_int() }}
        ) as band_rank,
        lag(lower_bound) over (
            partition by score_model, version order by lower_bound
        ) is not null as is_engaged,
        settle_margin,
        action
    from score_bands

)

select * from final
