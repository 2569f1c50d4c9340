with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}
    where {{ is_pending_customer('customer_id') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

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

-- Narrow types: the windows over these sums cost half of what they do over the sums' own.
select
    days.customer_id,
    periods.period_index,
    cast(sum(days.engaged_interactions) as {{ dbt.type_int() }}) as engaged_interactions,
    cast(sum(case when days.engaged_interactions > 0 then 1 else 0 end) as {{ dbt.type_int() }})
        as active_days,
    cast(sum(days.has_conversion) as {{ dbt.type_int() }}) as converting_days,
    cast(sum(days.engaged_seconds) as decimal(28, 4)) as engaged_seconds,
    cast(sum(days.social_interactions) as {{ dbt.type_int() }}) as social_interactions,
    cast(sum(days.advocacy_interactions) as {{ dbt.type_int() }}) as advocacy_interactions,
    cast(sum(days.exposures) as {{ dbt.type_int() }}) as exposures,
    cast(sum(days.answers) as {{ dbt.type_int() }}) as answers
from days
inner join periods
    on {{ period_end('days.occurred_on') }} = periods.period_end
group by
    days.customer_id,
    periods.period_index
