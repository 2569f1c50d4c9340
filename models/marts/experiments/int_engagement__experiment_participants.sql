with experiment_assignments as (

    select
        experiment_id,
        customer_id,
        variant,
        {{ to_local_date('assigned_at') }} as assigned_on
    from {{ ref('int_engagement__experiment_assignments_judged') }}
    where reject_reason is null and copy_number = 1

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

latest_period as (

    select period_end from periods
    where is_latest

),

-- Everybody assigned before the last scored day, also those who never came back.
assignments as (

    select
        experiment_assignments.experiment_id,
        experiment_assignments.customer_id,
        experiment_assignments.variant,
        experiment_assignments.assigned_on,
        latest_period.period_end,
        {{ days_between('experiment_assignments.assigned_on', 'latest_period.period_end') }}
            as days_since,
        min(experiment_assignments.assigned_on) over (
            partition by experiment_assignments.experiment_id
        ) as started_on
    from experiment_assignments
    inner join latest_period
        on experiment_assignments.assigned_on < latest_period.period_end

),

assignment_days as (

    select distinct assigned_on from assignments

),

periods_before as (

    select
        assignment_days.assigned_on,
        max(periods.period_end) as period_end_before
    from assignment_days
    left join periods
        on assignment_days.assigned_on > periods.period_end
    group by assignment_days.assigned_on

),

final as (

    select
        assignments.*,
        periods_before.period_end_before
    from assignments
    inner join periods_before
        on assignments.assigned_on = periods_before.assigned_on

)

select * from final
