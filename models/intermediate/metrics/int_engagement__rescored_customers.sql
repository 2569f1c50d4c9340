{%- set unsettled = kept_relation('int_engagement__rescored_customers') -%}
with pending_customers as (

    select * from {{ ref('int_engagement__pending_customers') }}

),

customers as (

    select customer_id from {{ ref('int_engagement__customer_scope') }}

),

available_metrics as (

    select * from {{ ref('int_engagement__available_metrics') }}

),

settled_facts as (

    select * from {{ ref('int_engagement__settled_facts') }}
    where fact = 'available metric'

),

percentiles as (

    select * from {{ ref('config_engagement__score_metrics') }}
    where scaling = 'percentile'

),

-- A metric that somebody has now, or nobody any more, counts in everybody's score otherwise.
changed_availability as (

    select coalesce(available_metrics.holds_from, settled_facts.holds_from) as changed_on
    from available_metrics
    full outer join settled_facts
        on available_metrics.holds_from = settled_facts.holds_from
    where
        available_metrics.fingerprint is distinct from settled_facts.fingerprint
        or available_metrics.facts is distinct from settled_facts.facts

),

reasons_for_everybody as (

    select
        min(changed_on) as rescored_from,
        {{ last_date() }} as rescored_until
    from changed_availability

    union all

    -- A percentile is a place among all: one who moves, moves others.
    select
        min(pending_from) as rescored_from,
        max(pending_until) as rescored_until
    from pending_customers
    where exists (select 1 from percentiles)

),

rescored_by_reason as (

    select
        customer_id,
        pending_from as rescored_from,
        pending_until as rescored_until
    from pending_customers

    union all

    select
        customers.customer_id,
        reasons_for_everybody.rescored_from,
        reasons_for_everybody.rescored_until
    from customers
    inner join reasons_for_everybody
        on reasons_for_everybody.rescored_from is not null
    {%- if unsettled %}

    union all

    -- What a run began and did not finish.
    select
        customer_id,
        rescored_from,
        rescored_until
    from {{ unsettled }}
    {%- endif %}

)

select
    customer_id,
    min(rescored_from) as rescored_from,
    max(rescored_until) as rescored_until
from rescored_by_reason
group by customer_id
