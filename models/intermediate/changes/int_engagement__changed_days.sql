{%- set stored_days = kept_relation('int_engagement__customer_activity_days') -%}
{%- set unsettled = kept_relation('int_engagement__changed_days') -%}
{%- set rebuild_from = var('rebuild_from', none) -%}
{%- set rebuild_to = var('rebuild_to', none) -%}
{%- set rebuild_customer = rebuild_customer_hash() -%}
{%- set is_rebuilt = rebuild_from or rebuild_to or rebuild_customer -%}
{%- set rebuilt_from = "cast('" ~ rebuild_from ~ "' as date)" if rebuild_from else first_date() -%}
{%- set rebuilt_until = "cast('" ~ rebuild_to ~ "' as date)" if rebuild_to else last_date() -%}
{%- set null_id = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
{{ depends_on('int_engagement__interaction_ledger') }}
with changed_facts as (

    select * from {{ ref('int_engagement__changed_facts') }}

),

settled_facts as (

    select * from {{ ref('int_engagement__settled_facts') }}

),
{% if stored_days or rebuild_customer %}
interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),
{% endif %}
{%- if stored_days %}
stored_days as (

    select * from {{ stored_days }}

),

-- First by parts of days: of these few differ, and only in them customers are compared.
cells_of_both_runs as (

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
    from cells_of_both_runs
    group by
        occurred_on,
        customer_bucket
    having
        sum(interactions) != sum(stored_interactions)
        or sum(fingerprint) != sum(stored_fingerprint)

),

days_of_both_runs as (

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

    {% for rows, id in [
        ('interactions', 'customer_id'),
        (ref('int_engagement__scoring_facts'), 'customer_id'),
        ('settled_facts', 'customer_id'),
        (ref('int_engagement__identity_map'), 'id'),
    ] + ([('stored_days', 'customer_id')] if stored_days else []) -%}
    select customer_id
    from {{ rows }}
    where {{ dbt.hash(id) }} = '{{ rebuild_customer }}'
    {% if not loop.last %}
    union distinct

    {% endif -%}
    {% endfor %}
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
    from days_of_both_runs
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
        {{ rebuilt_from if rebuild_from else 'cast(null as date)' }} as changed_on,
        {{ rebuilt_until }} as changed_until
    {%- if rebuild_customer %}
    from rebuilt_customers
    {%- endif %}
    {%- if stored_days %}

    union all

    select
        customer_id,
        occurred_on as changed_on,
        {{ rebuilt_until }} as changed_until
    from rebuilt_days
    where
        occurred_on between {{ rebuilt_from }} and {{ rebuilt_until }}
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
