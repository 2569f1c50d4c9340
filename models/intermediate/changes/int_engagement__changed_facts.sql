with scoring_facts as (

    select * from {{ ref('int_engagement__scoring_facts') }}

),

settled_facts as (

    select * from {{ ref('int_engagement__settled_facts') }}
    where fact != 'available metric'

),

facts_of_both_runs as (

    select
        customer_id,
        fact,
        holds_from,
        facts,
        fingerprint,
        0 as settled,
        0 as settled_fingerprint
    from scoring_facts

    union all

    select
        customer_id,
        fact,
        holds_from,
        0 as facts,
        0 as fingerprint,
        facts as settled,
        fingerprint as settled_fingerprint
    from settled_facts

),

final as (

    select
        customer_id,
        fact,
        holds_from
    from facts_of_both_runs
    -- Without a whole run before this one everything is computed, and no fact needs a row.
    where exists (select 1 from {{ ref('int_engagement__settled_facts') }})
    group by
        customer_id,
        fact,
        holds_from
    having
        (sum(facts) != sum(settled) or sum(fingerprint) != sum(settled_fingerprint))
        -- A period that is no longer detailed needs nothing.
        and (fact != 'detailed period' or sum(facts) > 0)

)

select * from final
