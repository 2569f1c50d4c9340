-- depends_on: {{ ref('config_problems') }}
with

activity_weights as (

    {{ customer_engagement.config_seed_rows('activity_weights') }}

),

final as (

    select
        score_model,
        version,
        activity_type,
        -- Decimals, so that sums of points repeat to the last digit in any order.
        cast(points as decimal(18, 6)) as points,
        cast(daily_cap as decimal(18, 6)) as daily_cap,
        half_life_days
    from activity_weights

)

select * from final
