with customers as (

    select * from {{ ref('int_engagement__watched_customers') }}
    where is_watched

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

gaming_days as (

    select
        activity_days.customer_id,
        {{ period_end('activity_days.occurred_on') }} as period_end,
        activity_days.occurred_on,
        activity_days.activity_type,
        activity_days.interactions
    from activity_days
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    where
        {{ is_gaming_day('activity_days', 'activity_types') }}

),

numbered_days as (

    select
        *,
        row_number() over (
            partition by customer_id, period_end
            order by interactions desc, occurred_on asc, activity_type asc
        ) as day_number
    from gaming_days

),

final as (

    select
        'gaming' as kind,
        customers.customer_id,
        customers.period_index,
        cast(null as {{ dbt.type_string() }}) as band,
        cast(null as {{ dbt.type_string() }}) as previous_band,
        cast(null as double) as shift,
        numbered_days.interactions as size,
        numbered_days.interactions as measured,
        cast(null as double) as usual,
        numbered_days.activity_type as detail,
        numbered_days.occurred_on as happened_on
    from customers
    inner join numbered_days
        on
            customers.customer_id = numbered_days.customer_id
            and customers.period_end = numbered_days.period_end
    where numbered_days.day_number = 1

)

select * from final
