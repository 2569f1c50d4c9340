-- depends_on: {{ ref('config_engagement__problems') }}
with

activity_weights as (

    select
        score_model,
        version,
        activity_type,
        counted_points as points,
        daily_cap,
        half_life_days
    from {{ ref('config_engagement__activity_weights_rows') }}

),

{% if is_suggesting() -%}
activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

target as (

    {{ suggestion_target(ref('config_engagement__score_models')) | indent(4) }}

),

suggested as (

    select * from {{ ref('scoring_engagement__suggested_activities') }}

),

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
    left join activity_types
        on activity_weights.activity_type = activity_types.activity_type

),

-- Points that no habit can suggest (how bad a refund is, what few did) keep their proportion to the
-- suggested ones.
proportion as (

    select
        coalesce(
            sum(suggested.points) / nullif(cast(sum(present.points) as double), 0), 1
        ) as of_present
    from present
    inner join suggested
        on present.activity_type = suggested.activity_type
    where
        present.points > 0
        and suggested.points is not null

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
                when present.points < 0 or (suggested.points is null and present.points != 0)
                    then {{ significant_digits('present.points * proportion.of_present', 2) }}
                else coalesce(suggested.points, 1)
            end as decimal(18, 6)
        ) as points,
        cast(
            case
                when present.points < 0 or suggested.points is null then present.daily_cap
                else suggested.daily_cap
            end
            as decimal(18, 6)
        ) as daily_cap,
        suggested.half_life_days
    from suggested
    cross join target
    cross join proportion
    left join present
        on suggested.activity_type = present.activity_type

    union all

    select
        present.score_model,
        'suggested' as version,
        present.activity_type,
        cast(
            {{ significant_digits('present.points * proportion.of_present', 2) }} as decimal(18, 6)
        ) as points,
        cast(present.daily_cap as decimal(18, 6)) as daily_cap,
        (select max(suggested.half_life_days) from suggested) as half_life_days
    from present
    cross join proportion
    where not present.is_engaged
    {%- endif %}

)

select * from final
