{%- set cooldown = alert_cooldown() -%}
with conditions as (

    select * from {{ ref('int_engagement__alert_conditions') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

published_alerts as (

    select * from {{ ref('int_engagement__published_alerts') }}

),

first_rescored_period as (

    select min(period_index) as period_index
    from periods
    where {{ is_rescored_period('period_end') }}

),

-- A condition that continues, or that returns within the cooldown, is no news.
conditions_with_previous as (

    select
        conditions.*,
        periods.period_index,
        lag(periods.period_index) over (
            partition by conditions.kind, conditions.subject_type, conditions.subject
            order by periods.period_index
        ) as previous_period_index
    from conditions
    inner join periods
        on conditions.period_end = periods.period_end
    inner join first_rescored_period
        on periods.period_index >= first_rescored_period.period_index - {{ cooldown }}

),

new_conditions as (

    select
        conditions.*,
        {{ add_days('conditions.period_end', -cooldown * most_period_days()) }} as same_from,
        {{ add_days('conditions.period_end', cooldown * most_period_days()) }} as same_until
    from conditions_with_previous as conditions
    left join rescored_customers
        on
            conditions.customer_id = rescored_customers.customer_id
            and conditions.period_end
            between rescored_customers.rescored_from and rescored_customers.rescored_until
    where
        conditions.explained_by is null
        and (
            conditions.previous_period_index is null
            or conditions.period_index - conditions.previous_period_index > {{ cooldown }}
        )
        and case
            when conditions.subject_type = 'customer'
                then rescored_customers.customer_id is not null
            else {{ is_rescored_period('conditions.period_end') }}
        end

),

-- Late data may move the period in which an incident began: it stays the same incident.
final as (

    select
        new_conditions.kind,
        new_conditions.subject_type,
        new_conditions.subject,
        new_conditions.customer_id,
        new_conditions.score_model,
        new_conditions.version,
        new_conditions.period_end,
        new_conditions.score,
        new_conditions.previous_score,
        new_conditions.band,
        new_conditions.previous_band,
        new_conditions.shift,
        new_conditions.size,
        new_conditions.measured,
        new_conditions.usual,
        new_conditions.detail,
        new_conditions.happened_on
    from new_conditions
    left join published_alerts
        on
            new_conditions.kind = published_alerts.kind
            and new_conditions.subject_type = published_alerts.subject_type
            and new_conditions.subject = published_alerts.subject
            and new_conditions.same_from <= published_alerts.period_end
            and new_conditions.same_until >= published_alerts.period_end
    where published_alerts.alert_id is null

)

select * from final
