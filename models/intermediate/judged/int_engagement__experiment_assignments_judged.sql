with experiment_assignments as (

    select * from {{ ref('stg_engagement__experiment_assignments') }}

),

identity_map as (

    select * from {{ ref('int_engagement__identity_map') }}

),

excluded_customers as (

    select * from {{ ref('int_engagement__excluded_customers') }}

),

assignments_with_reason as (

    select
        -- ids
        experiment_assignments.input_entry,
        experiment_assignments.experiment_id,
        {{ merged_customer_id('experiment_assignments') }} as customer_id,

        -- assignment
        experiment_assignments.variant,
        experiment_assignments.assigned_at,

        -- validity
        experiment_assignments.unreadable_column,
        experiment_assignments.unreadable_text,
        coalesce(
            excluded_customers.reject_reason, experiment_assignments.reject_reason
        ) as reject_reason
    from experiment_assignments
    {{ join_identities('experiment_assignments') }}

),

assignments_numbered as (

    -- The first assignment counts: intention to treat.
    select
        *,
        row_number() over (
            partition by experiment_id, customer_id, reject_reason
            order by assigned_at, variant, input_entry
        ) as copy_number
    from assignments_with_reason

)

select * from assignments_numbered
