with identities as (

    select * from {{ ref('stg_engagement__identities') }}

),

erased_ids as (

    select distinct id from {{ ref('int_engagement__erased_ids') }}

),

current_identities as (

    {{ current_identities('identities') | indent(4) }}

),

-- An id that is mapped on must not be a target: one step leads to the customer. What was said of
-- it before, and no longer holds, is no hindrance.
mapped_on_ids as (

    select id
    from current_identities
    where id != customer_id

),

identities_with_reason as (

    select
        identities.input_entry,
        identities.id,
        identities.customer_id,
        identities.valid_from,
        identities.unreadable_column,
        identities.unreadable_text,
        case
            when
                erased_ids.id is not null or erased_customers.id is not null
                then 'erased'
            when identities.reject_reason is not null then identities.reject_reason
            when mapped_on_ids.id is not null then 'chained_identity'
        end as reject_reason
    from identities
    left join mapped_on_ids
        on identities.customer_id = mapped_on_ids.id
    left join erased_ids
        on identities.id = erased_ids.id
    left join erased_ids as erased_customers
        on identities.customer_id = erased_customers.id

)

select
    *,
    row_number() over (
        partition by id, customer_id, valid_from, reject_reason
        order by input_entry
    ) as copy_number
from identities_with_reason
