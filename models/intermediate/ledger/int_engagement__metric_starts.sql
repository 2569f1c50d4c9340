with interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

)

select
    min(
        case
            when {{ is_engaged('activity_types') }} and interactions.duration_seconds is not null
                then interactions.occurred_on
        end
    ) as durations_from,
    min(
        case
            when {{ is_engaged('activity_types') }} and activity_types.touchpoint = 'social'
                then interactions.occurred_on
        end
    ) as social_from,
    min(
        case when activity_types.role = 'referral' then interactions.occurred_on end
    ) as advocacy_from,
    min(
        case
            when activity_types.role in ('conversion', 'purchase') then interactions.occurred_on
        end
    ) as conversions_from,
    min(
        case when activity_types.role = 'purchase' then interactions.occurred_on end
    ) as orders_from,
    min(
        case
            when
                activity_types.role in ('purchase', 'refund', 'renewal')
                and interactions.amount is not null
                then interactions.occurred_on
        end
    ) as amounts_from
from interactions
left join activity_types
    on interactions.activity_type = activity_types.activity_type
