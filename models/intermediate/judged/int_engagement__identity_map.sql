with identities as (

    select * from {{ ref('int_engagement__identities_judged') }}
    where reject_reason is null and copy_number = 1

)

{{ current_identities('identities') }}
