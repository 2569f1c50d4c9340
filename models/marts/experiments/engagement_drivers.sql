{{ config(grants=marts_grants()) }}
with drivers as (

    select * from {{ ref('scoring_engagement__drivers') }}

),

-- A mean of few customers would reveal their values; their number reveals nothing.
drivers_with_shares as (

    select
        *,
        result in ('higher', 'lower') as is_clear,
        cast(customers as double) / nullif(group_customers, 0) as customers_share,
        cast(other_customers as double) / nullif(other_group_customers, 0) as other_customers_share,
        case when result != 'not_enough_data' then mean_value end as shown_mean_value,
        case when result != 'not_enough_data' then other_mean_value end as shown_other_mean_value
    from drivers

),

final as (

    select
        -- ids
        score_model,
        version,
        period_end,
        segment_column,
        segment,
        driver_type,
        driver,

        -- result
        result,
        case
            when is_clear
                then
                    cast(
                        row_number() over (
                            partition by score_model, segment_column, segment, driver_type, is_clear
                            order by abs(effect_size) desc, driver asc
                        ) as {{ dbt.type_int() }}
                    )
        end as strength_rank,
        difference,
        effect_size,
        effect_size_lower,
        effect_size_upper,
        p_value,
        adjusted_p_value,

        -- the score
        is_in_score,
        applied_weight,

        -- the two groups
        customers,
        other_customers,
        customers_share,
        other_customers_share,
        shown_mean_value as mean_value,
        shown_other_mean_value as other_mean_value
    from drivers_with_shares

)

select * from final
