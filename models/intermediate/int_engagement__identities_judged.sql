with identities as (

    select * from {{ ref('stg_engagement__identities') }}

),

statements as (

    select
        id,
        customer_id,
        row_number() over (
            partition by id
            order by valid_from desc nulls last, customer_id asc
        ) as statement_number
    from identities
    where reject_reason is null

),

-- An id that is mapped on must not be a target: one step leads to the customer. What was said of
-- it before, and no longer holds, is no hindrance.
mapped_on as (

    select id
    from statements
    where statement_number = 1 and id != customer_id

),

judged as (

    select
        identities.input_entry,
        identities.id,
        identities.customer_id,
        identities.valid_from,
        identities.unreadable_column,
        identities.unreadable_text,
        case
            when identities.reject_reason is not null then identities.reject_reason
            when mapped_on.id is not null then 'chained_identity'
        end as reject_reason
    from identities
    left join mapped_on
        on identities.customer_id = mapped_on.id

)

select
    *,
    row_number() over (
        partition by id, customer_id, valid_from, reject_reason
        order by input_entry
    ) as copy_number
from judged
