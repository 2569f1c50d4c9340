with entries as (

    {{ union_entries('identities') | indent(4) }}

),

judged as (

    select
        -- ids
        input_entry,
        id,
        customer_id,

        -- timestamps
        valid_from,

        -- validity
        unreadable_column,
        unreadable_text,
        is_out_of_range,
        case
            when id is null then 'missing_id'
            when customer_id is null then 'missing_customer_id'
            when is_out_of_range then 'out_of_range'
            when unreadable_column is not null then 'unreadable_time'
        end as reject_reason
    from entries

)

select * from judged
