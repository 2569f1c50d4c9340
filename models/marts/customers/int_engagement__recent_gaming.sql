{#- For this many periods a day of gaming is shown. -#}
{%- set gaming_periods = 4 -%}
with periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

latest_period as (

    select * from periods
    where is_latest

),

gaming_window as (

    select
        min(periods.period_start) as first_day,
        max(periods.period_end) as last_day
    from periods
    inner join latest_period
        on periods.period_index > latest_period.period_index - {{ gaming_periods }}

),

gaming_days as (

    select
        activity_days.customer_id,
        activity_days.activity_type,
        activity_days.occurred_on,
        activity_days.interactions,
        row_number() over (
            partition by activity_days.customer_id
            order by
                activity_days.interactions desc,
                activity_days.occurred_on desc,
                activity_days.activity_type asc
        ) as day_number
    from activity_days
    inner join gaming_window
        on activity_days.occurred_on between gaming_window.first_day and gaming_window.last_day
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    where
        {{ is_gaming_day('activity_days', 'activity_types') }}

),

final as (

    select
        customer_id,
        {{ dbt.concat([
            "cast(interactions as " ~ dbt.type_string() ~ ")",
            "' '",
            "activity_type",
            "' on '",
            "cast(occurred_on as " ~ dbt.type_string() ~ ")",
        ]) }} as gaming_reason
    from gaming_days
    where day_number = 1

)

select * from final
