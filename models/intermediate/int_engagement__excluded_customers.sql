-- Read from staging, not from the accepted attributes: a row that is set aside for another fault
-- still tells that its customer is erased.
with customers as (

    select * from {{ ref('stg_engagement__customers') }}
    where customer_id is not null and (is_internal or is_erased)

),

identity_map as (

    select * from {{ ref('int_engagement__identity_map') }}

),

resolved as (

    select
        coalesce(identity_map.customer_id, customers.customer_id) as customer_id,
        case when customers.is_erased then 'erased' else 'internal' end as reject_reason
    from customers
    left join identity_map
        on customers.customer_id = identity_map.id

)

-- 'erased' comes before 'internal' in the alphabet, and is the stronger of the two.
select
    customer_id,
    min(reject_reason) as reject_reason
from resolved
group by customer_id
