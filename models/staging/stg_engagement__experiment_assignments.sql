with entries as (

    {{ union_entries('experiment_assignments') | indent(4) }}

),

judged as (

    select
        -- ids
        input_entry,
        experiment_id,
        customer_id,

        -- assignment
        variant,

        -- timestamps
        assigned_at,

        -- validity
        unreadable_column,
        unreadable_text,
        is_out_of_range,
        case
            when customer_id is null then 'missing_customer_id'
            when experiment_id is null then 'missing_experiment_id'
            when variant is null then 'missing_variant'
            when is_out_of_range then 'out_of_range'
            when unreadable_column is not null then 'unreadable_time'
            when assigned_at is null then 'missing_time'
        end as reject_reason
    from entries

)

select * from judged
