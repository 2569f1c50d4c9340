{%- set stored_days = kept_relation('int_engagement__customer_activity_days') -%}
{%- set unsettled = kept_relation('int_engagement__changed_days') -%}
{%- set rebuild_from = var('rebuild_from', none) -%}
{%- set rebuild_to = var('rebuild_to', none) -%}
{%- set rebuild_customer = rebuild_customer_hash() -%}
{%- set is_rebuilt = rebuild_from or rebuild_to or rebuild_customer -%}
{%- set null_id = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with interactions as (

    select
        customer_id,
        customer_bucket,
        occurred_on,
        fingerprint
    from {{ ref('int_engagement__interaction_ledger') }}

),

scoring_facts as (

    select * from {{ ref('int_engagement__scoring_facts') }}

),

settled_facts as (

    select * from {{ ref('int_engagement__settled_facts') }}

),

both_facts as (

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
    where fact != 'available metric'

),

-- A period that is no longer detailed needs nothing.
changed_facts as (

    select
        customer_id,
        holds_from
    from both_facts
    where exists (select 1 from settled_facts)
    group by
        customer_id,
        fact,
        holds_from
    having
        (sum(facts) != sum(settled) or sum(fingerprint) != sum(settled_fingerprint))
        and (fact != 'detailed period' or sum(facts) > 0)

),
{% if stored_days %}
stored_days as (

    select
        customer_id,
        customer_bucket,
        occurred_on,
        interactions,
        fingerprint
    from {{ stored_days }}

),

-- First by parts of days: of these few differ, and only in them customers are compared.
cells as (

    select
        occurred_on,
        customer_bucket,
        count(*) as interactions,
        {{ fingerprint_sum('fingerprint') }} as fingerprint,
        0 as stored_interactions,
        0 as stored_fingerprint
    from interactions
    group by
        occurred_on,
        customer_bucket

    union all

    select
        occurred_on,
        customer_bucket,
        0 as interactions,
        0 as fingerprint,
        sum(interactions) as stored_interactions,
        sum(fingerprint) as stored_fingerprint
    from stored_days
    group by
        occurred_on,
        customer_bucket

),

touched_cells as (

    select
        occurred_on,
        customer_bucket
    from cells
    group by
        occurred_on,
        customer_bucket
    having
        sum(interactions) != sum(stored_interactions)
        or sum(fingerprint) != sum(stored_fingerprint)

),

both_days as (

    select
        interactions.customer_id,
        interactions.occurred_on,
        count(*) as interactions,
        {{ fingerprint_sum('interactions.fingerprint') }} as fingerprint,
        0 as stored_interactions,
        0 as stored_fingerprint
    from interactions
    inner join touched_cells
        on
            interactions.occurred_on = touched_cells.occurred_on
            and interactions.customer_bucket = touched_cells.customer_bucket
    group by
        interactions.customer_id,
        interactions.occurred_on

    union all

    select
        stored_days.customer_id,
        stored_days.occurred_on,
        0 as interactions,
        0 as fingerprint,
        sum(stored_days.interactions) as stored_interactions,
        sum(stored_days.fingerprint) as stored_fingerprint
    from stored_days
    inner join touched_cells
        on
            stored_days.occurred_on = touched_cells.occurred_on
            and stored_days.customer_bucket = touched_cells.customer_bucket
    group by
        stored_days.customer_id,
        stored_days.occurred_on

),
{% if is_rebuilt %}
rebuilt_days as (

    select
        customer_id,
        occurred_on
    from interactions

    union distinct

    select
        customer_id,
        occurred_on
    from stored_days

),
{% endif %}
{%- endif %}
{%- if rebuild_customer %}

-- By the hash of an id of theirs, so that no id stays in compiled SQL and logs.
rebuilt_customers as (

    select customer_id
    from interactions
    where {{ dbt.hash('customer_id') }} = '{{ rebuild_customer }}'

    union distinct

    select customer_id
    from both_facts
    where {{ dbt.hash('customer_id') }} = '{{ rebuild_customer }}'

    union distinct

    select customer_id
    from {{ ref('int_engagement__identity_map') }}
    where {{ dbt.hash('id') }} = '{{ rebuild_customer }}'
    {%- if stored_days %}

    union distinct

    select customer_id
    from stored_days
    where {{ dbt.hash('customer_id') }} = '{{ rebuild_customer }}'
    {%- endif %}

),
{% endif %}
changes as (

    select
        customer_id,
        holds_from as changed_on,
        {{ last_date() }} as changed_until
    from changed_facts

    union all

    -- Nothing was ever finished, or a table that holds what was is not there; or it is a trial.
    select
        {{ null_id }} as customer_id,
        cast(null as date) as changed_on,
        {{ last_date() }} as changed_until
    where
        not exists (select 1 from settled_facts)
        or {{ has_lost_a_table() or is_suggesting() }}
    {%- if stored_days %}

    union all

    select
        customer_id,
        occurred_on as changed_on,
        {{ last_date() }} as changed_until
    from both_days
    group by
        customer_id,
        occurred_on
    having
        sum(interactions) != sum(stored_interactions)
        or sum(fingerprint) != sum(stored_fingerprint)
    {%- endif %}
    {%- if unsettled %}

    union all

    -- What a run began and did not finish.
    select
        customer_id,
        changed_on,
        changed_until
    from {{ unsettled }}
    {%- endif %}
    {%- if is_rebuilt %}

    union all

    -- What the variables rebuild_* ask for.
    select
        {{ 'customer_id' if rebuild_customer else null_id }} as customer_id,
        {{ "cast('" ~ rebuild_from ~ "' as date)" if rebuild_from else 'cast(null as date)' }}
            as changed_on,
        {{ "cast('" ~ rebuild_to ~ "' as date)" if rebuild_to else last_date() }} as changed_until
    {%- if rebuild_customer %}
    from rebuilt_customers
    {%- endif %}
    {%- if stored_days %}

    union all

    select
        customer_id,
        occurred_on as changed_on,
        {{ "cast('" ~ rebuild_to ~ "' as date)" if rebuild_to else last_date() }} as changed_until
    from rebuilt_days
    where
        true
        {%- if rebuild_from %}
        and occurred_on >= cast('{{ rebuild_from }}' as date)
        {%- endif %}
        {%- if rebuild_to %}
        and occurred_on <= cast('{{ rebuild_to }}' as date)
        {%- endif %}
        {%- if rebuild_customer %}
        and customer_id in (select rebuilt_customers.customer_id from rebuilt_customers)
        {%- endif %}
    {%- endif %}
    {%- endif %}

)

select
    customer_id,
    changed_on,
    max(changed_until) as changed_until
from changes
group by
    customer_id,
    changed_on
