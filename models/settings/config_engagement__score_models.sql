-- depends_on: {{ ref('config_engagement__problems') }}
with

score_models as (

    select * from {{ ref('config_engagement__score_models_rows') }}

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

{% if is_suggesting() -%}
target as (

    {{ suggestion_target('score_models') | indent(4) }}

),

-- A window of five half-lives: what drops out at its edge is down to a thirty-second.
suggested as (

    select
        target.score_model,
        cast(
            greatest(
                ceil(max(activities.half_life_days) * 5 / {{ config_period_days() }}),
                ceil(28.0 / {{ config_period_days() }})
            ) as {{ dbt.type_int() }}
        ) as window_periods
    from target
    cross join {{ ref('scoring_engagement__suggested_activities') }} as activities
    group by target.score_model

),

{% endif -%}
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
    {%- if is_suggesting() %}

    union all

    select
        score_model,
        'suggested' as version,
        'challenger' as status,
        cast(null as date) as valid_from,
        cast(null as date) as valid_until,
        'index' as formula,
        'arithmetic' as aggregation,
        cast(window_periods * {{ config_period_days() }} as {{ dbt.type_int() }}) as window_days,
        window_periods,
        0.5 as min_coverage,
        cast(null as {{ dbt.type_string() }}) as segment_column,
        cast(null as {{ dbt.type_string() }}) as segment_value,
        1 as priority,
        true as is_scored
    from suggested
    {%- endif %}

)

select * from final
