with activity_days as (

    select * from {{ ref('int_customer_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_activity_types') }}

),

periods as (

    select * from {{ ref('int_scoring_periods') }}

),

-- An exposure counts once for each activity type that it gives the chance of.
exposing_types as (

    select
        exposed_by as activity_type,
        count(*) as pairs
    from activity_types
    where exposed_by is not null
    group by exposed_by

),

days as (

    select
        activity_days.customer_id,
        activity_days.occurred_on,
        sum(
            case when {{ is_engaged('activity_types') }} then activity_days.interactions else 0 end
        ) as engaged_interactions,
        sum(
            case when {{ is_engaged('activity_types') }} then activity_days.duration_seconds end
        ) as engaged_seconds,
        sum(
            case
                when {{ is_engaged('activity_types') }} and activity_types.touchpoint = 'social'
                    then activity_days.interactions
                else 0
            end
        ) as social_interactions,
        sum(
            case when activity_types.role = 'referral' then activity_days.interactions else 0 end
        ) as advocacy_interactions,
        max(
            case when activity_types.role in ('conversion', 'purchase') then 1 else 0 end
        ) as has_conversion,
        sum(activity_days.interactions * coalesce(exposing_types.pairs, 0)) as exposures,
        sum(
            case
                when activity_types.exposed_by is not null then activity_days.interactions
                else 0
            end
        ) as answers
    from activity_days
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    left join exposing_types
        on activity_days.activity_type = exposing_types.activity_type
    group by
        activity_days.customer_id,
        activity_days.occurred_on

)

select
    days.customer_id,
    periods.period_index,
    sum(days.engaged_interactions) as engaged_interactions,
    sum(case when days.engaged_interactions > 0 then 1 else 0 end) as active_days,
    sum(days.has_conversion) as converting_days,
    sum(days.engaged_seconds) as engaged_seconds,
    sum(days.social_interactions) as social_interactions,
    sum(days.advocacy_interactions) as advocacy_interactions,
    sum(days.exposures) as exposures,
    sum(days.answers) as answers
from days
inner join periods
    on {{ period_end('days.occurred_on') }} = periods.period_end
group by
    days.customer_id,
    periods.period_index
