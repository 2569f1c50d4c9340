{{ config(
    materialized='incremental',
    pre_hook=[
        "{{ require_everything() }}",
        "
        {% if is_incremental() %}
        delete from {{ this }}
        where
            customer_id in (select customer_id from {{ ref('int_engagement__pending_customers') }})
            -- A scoring_end that was moved back concerns nobody's scores, but these.
            or first_on > (select max(period_end) from {{ ref('int_engagement__scoring_periods') }})
        {% endif %}
        ",
    ],
) }}
{{ depends_on('int_engagement__pending_customers') }}
with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}
    where {{ is_pending_customer('customer_id') }}

),

-- Activity after the last period waits for its own period, as its customer does.
last_period as (

    select max(period_end) as period_end
    from {{ ref('int_engagement__scoring_periods') }}

),

final as (

    select
        activity_days.customer_id,
        activity_days.activity_type,
        min(activity_days.occurred_on) as first_on
    from activity_days
    inner join last_period
        on activity_days.occurred_on <= last_period.period_end
    group by
        activity_days.customer_id,
        activity_days.activity_type

)

select * from final
