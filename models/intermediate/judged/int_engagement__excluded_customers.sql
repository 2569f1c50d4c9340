-- Read from staging, not from the accepted attributes: a row that is set aside for another fault
-- still says that its customer is internal.
with erased_ids as (

    select distinct id from {{ ref('int_engagement__erased_ids') }}

),

internal_customers as (

    select * from {{ ref('stg_engagement__customers') }}
    where customer_id is not null and is_internal

),

identity_map as (

    select * from {{ ref('int_engagement__identity_map') }}

),

internal_customers_merged as (

    select coalesce(identity_map.customer_id, internal_customers.customer_id) as customer_id
    from internal_customers
    left join identity_map
        on internal_customers.customer_id = identity_map.id

),

internal_ids as (

    select customer_id as id
    from internal_customers_merged

    union distinct

    select identity_map.id
    from identity_map
    inner join internal_customers_merged
        on identity_map.customer_id = internal_customers_merged.customer_id

)

select
    id,
    'erased' as reject_reason
from erased_ids

union all

select
    internal_ids.id,
    'internal' as reject_reason
from internal_ids
left join erased_ids
    on internal_ids.id = erased_ids.id
where erased_ids.id is null
