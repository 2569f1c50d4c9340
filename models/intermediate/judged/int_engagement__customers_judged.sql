with customers as (

    select * from {{ ref('stg_engagement__customers') }}

),

identity_map as (

    select * from {{ ref('int_engagement__identity_map') }}

),

excluded_customers as (

    select * from {{ ref('int_engagement__excluded_customers') }}

),

customers_with_reason as (

    select
        -- ids
        customers.input_entry,
        {{ merged_customer_id('customers') }} as customer_id,
        customers.customer_id as source_customer_id,
        customers.account_id,

        -- attributes
        {%- for column in segment_columns() %}
        customers.{{ adapter.quote(column) }},
        {%- endfor %}
        {{ to_local_date('customers.signed_up_at') }} as signed_up_on,
        {{ to_local_date('customers.valid_from') }} as valid_from,
        customers.valid_from as valid_from_at,

        -- validity
        customers.unreadable_column,
        customers.unreadable_text,
        coalesce(excluded_customers.reject_reason, customers.reject_reason) as reject_reason
    from customers
    {{ join_identities('customers') }}

),

customers_numbered as (

    -- One row of a customer holds from a day on: the row under the customer's own id before that of
    -- an alias, then the last of the day, then the content, so that the order of arrival decides
    -- nothing.
    select
        *,
        row_number() over (
            partition by customer_id, valid_from, reject_reason
            order by
                case when source_customer_id = customer_id then 0 else 1 end asc,
                valid_from_at desc,
                source_customer_id asc,
                signed_up_on asc nulls last,
                account_id asc nulls last,
                {%- for column in segment_columns() %}
                {{ adapter.quote(column) }} asc nulls last,
                {%- endfor %}
                input_entry asc
        ) as copy_number
    from customers_with_reason

)

select * from customers_numbered
