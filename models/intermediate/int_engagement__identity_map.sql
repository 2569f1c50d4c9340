with identities as (

    select * from {{ ref('int_engagement__identities_judged') }}
    where reject_reason is null and copy_number = 1

),

ranked as (

    -- The latest statement about an id holds; among equal ones the least customer id.
    select
        id,
        customer_id,
        row_number() over (
            partition by id
            order by valid_from desc nulls last, customer_id asc
        ) as statement_number
    from identities

)

select
    id,
    customer_id
from ranked
where statement_number = 1
