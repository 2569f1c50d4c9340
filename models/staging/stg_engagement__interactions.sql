with entries as (

    {{ union_entries('interactions') | indent(4) }}

),

judged as (

    select
        -- ids
        input_entry,
        interaction_id,
        customer_id,
        order_id,
        session_id,

        -- what happened
        activity_type,
        channel,
        duration_seconds,
        amount,
        quantity,
        coalesce(is_automated, false) as is_automated,

        -- timestamps
        occurred_at,
        loaded_at,

        -- validity
        unreadable_column,
        unreadable_text,
        is_out_of_range,
        case
            when customer_id is null then 'missing_customer_id'
            when activity_type is null then 'missing_activity_type'
            when is_out_of_range then 'out_of_range'
            when unreadable_column in ('occurred_at', 'loaded_at') then 'unreadable_time'
            when occurred_at is null then 'missing_time'
            when unreadable_column is not null then 'unreadable_value'
            when occurred_at > loaded_at then 'after_load'
            when duration_seconds < 0 then 'negative_duration'
            when is_automated then 'automated'
        end as reject_reason
    from entries

)

select * from judged
