with customers as (

    select * from {{ ref('int_engagement__customers_judged') }}
    where reject_reason is null and copy_number = 1

)

select
    -- ids
    customer_id,
    account_id,

    -- attributes
    {%- for column in segment_columns() %}
    {{ adapter.quote(column) }},
    {%- endfor %}

    -- dates
    min(signed_up_on) over (partition by customer_id) as signed_up_on,
    valid_from,
    lead(valid_from) over (
        partition by customer_id order by valid_from nulls first
    ) as valid_until
from customers
