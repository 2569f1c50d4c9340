-- depends_on: {{ ref('config_problems') }}
with

activity_weights as (

    {{ customer_engagement.config_seed_rows('activity_weights') }}

),

{% if is_suggesting() -%}
target as (

    {{ suggestion_target(ref('config_score_models')) | indent(4) }}

),

suggested as (

    select * from {{ ref('scoring_suggested_activities') }}

),

-- What takes points away keeps them, and fades with the rest: how bad it is, no habit tells.
present as (

    select
        activity_weights.score_model,
        activity_weights.activity_type,
        activity_weights.points,
        activity_weights.daily_cap,
        coalesce(activity_types.is_engaged, true) as is_engaged
    from activity_weights
    inner join target
        on
            activity_weights.score_model = target.score_model
            and activity_weights.version = target.version
    left join {{ ref('config_activity_types') }} as activity_types
        on activity_weights.activity_type = activity_types.activity_type

),

{% endif -%}
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
    {%- if is_suggesting() %}

    union all

    select
        target.score_model,
        'suggested' as version,
        suggested.activity_type,
        cast(
            case
                when present.points < 0 then present.points
                else coalesce(suggested.points, present.points, 1)
            end as decimal(18, 6)
        ) as points,
        cast(
            case when present.points < 0 then present.daily_cap else suggested.daily_cap end
            as decimal(18, 6)
        ) as daily_cap,
        suggested.half_life_days
    from suggested
    cross join target
    left join present
        on suggested.activity_type = present.activity_type

    union all

    select
        present.score_model,
        'suggested' as version,
        present.activity_type,
        cast(present.points as decimal(18, 6)) as points,
        cast(present.daily_cap as decimal(18, 6)) as daily_cap,
        (select max(suggested.half_life_days) from suggested) as half_life_days
    from present
    where not present.is_engaged
    {%- endif %}

)

select * from final
