with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

latest_period as (

    select period_end
    from {{ ref('int_engagement__scoring_periods') }}
    where is_latest

),

-- What the customer did, up to the last scored day: nothing later may be looked at.
engaged_days as (

    select
        activity_days.customer_id,
        activity_days.activity_type,
        coalesce(activity_types.value_basis, 'count') as value_basis,
        {{ days_between('activity_days.occurred_on', 'latest_period.period_end') }}
            as days_ago,
        cast({{ activity_value('activity_days', 'activity_types') }} as double)
            as daily_value
    from activity_days
    inner join latest_period
        on activity_days.occurred_on <= latest_period.period_end
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    where
        {{ is_engaged('activity_types') }}
        -- What is only sent to customers says nothing about them, and gets no points.
        and (
            activity_types.activity_type is not null
            or {{ is_guessed_engaged('activity_days.activity_type') }}
        )

),

-- So many customers tell as much as all of them; which ones, their ids decide.
customers as (

    select
        customer_id,
        row_number() over (order by {{ dbt.hash('customer_id') }}, customer_id) as customer_number
    from engaged_days
    group by customer_id

)

select
    engaged_days.customer_id,
    engaged_days.activity_type,
    engaged_days.value_basis,
    engaged_days.days_ago,
    engaged_days.daily_value
from engaged_days
inner join customers
    on engaged_days.customer_id = customers.customer_id
where customers.customer_number <= {{ var('suggestion_customers', 30000) }}
