with entries as (

    {{ union_entries('customers') | indent(4) }}

),

judged as (

    select
        -- ids
        input_entry,
        customer_id,
        account_id,

        -- attributes
        coalesce(is_internal, false) as is_internal,
        -- An unreadable request for erasure counts as one: it must not fail open.
        coalesce(is_erased, coalesce(unreadable_column = 'is_erased', false)) as is_erased,
        -- Only an explicit false ends an erasure.
        coalesce(not is_erased, false) as is_not_erased,
        {%- for column in customer_engagement.segment_columns() %}
        {{ adapter.quote(column) }},
        {%- endfor %}

        -- timestamps
        signed_up_at,
        valid_from,

        -- validity
        unreadable_column,
        unreadable_text,
        is_out_of_range,
        case
            when customer_id is null then 'missing_customer_id'
            when is_out_of_range then 'out_of_range'
            when unreadable_column in ('signed_up_at', 'valid_from') then 'unreadable_time'
            when unreadable_column is not null then 'unreadable_value'
        end as reject_reason
    from entries

)

select * from judged
