-- depends_on: {{ ref('config_problems') }}
with

score_models as (

    {{ customer_engagement.config_seed_rows('score_models') }}

),

-- A challenger runs beside the others and neither ends nor follows a version.
with_successor as (

    select
        *,
        lead(valid_from) over (
            partition by score_model, status = 'challenger'
            order by valid_from nulls first
        ) as next_valid_from
    from score_models

),

final as (

    select
        score_model,
        version,
        status,
        valid_from,
        case when status != 'challenger' then next_valid_from end as valid_until,
        formula,
        aggregation,
        window_days,
        cast(
            floor(window_days / {{ customer_engagement.config_period_days() }})
            as {{ dbt.type_int() }}
        ) as window_periods,
        min_coverage,
        segment_column,
        segment_value,
        priority,
        status != 'retired' or next_valid_from is not null as is_scored
    from with_successor

)

select * from final
