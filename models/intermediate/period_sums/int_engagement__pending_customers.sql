{%- set stored_metrics = kept_relation('int_engagement__customer_metrics') -%}
{%- set unsettled = kept_relation('int_engagement__pending_customers') -%}
{%- set own_metrics = stored_custom_metrics(stored_metrics) -%}
{%- if custom_metrics() -%} {{ depends_on('int_engagement__custom_metrics') }} {%- endif -%}
with changed_days as (

    select * from {{ ref('int_engagement__changed_days') }}

),

customers as (

    select
        customer_id,
        in_scope_from
    from {{ ref('int_engagement__customer_scope') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

changes as (

    select
        customer_id,
        min(coalesce(changed_on, {{ first_date() }})) as pending_from,
        max(changed_until) as pending_until
    from changed_days
    group by customer_id

),

-- What is not one customer's concerns all of them.
changes_of_everybody as (

    select
        customers.customer_id,
        changes.pending_from,
        changes.pending_until
    from customers
    inner join changes
        on changes.customer_id is null

),

{% if stored_metrics -%}
-- The first interaction after an answer, or after a mere customers row, is what a customer is in
-- scope from: the periods before it must go, though nothing happened in them.
left_periods as (

    select
        known_periods.customer_id,
        min(known_periods.period_end) as pending_from,
        {{ last_date() }} as pending_until
    from {{ stored_metrics }} as known_periods
    inner join customers
        on
            known_periods.customer_id = customers.customer_id
            and known_periods.period_end < customers.in_scope_from
    where known_periods.customer_id in (select changes.customer_id from changes)
    group by known_periods.customer_id

),

{% endif -%}
{% if own_metrics -%}
-- Whoever has another value of an own metric than when it was last computed.
own_changes as (

    select
        known_periods.customer_id,
        min(known_periods.period_end) as pending_from,
        {{ last_date() }} as pending_until
    from {{ stored_metrics }} as known_periods
    left join {{ ref('int_engagement__custom_metrics') }} as own_values
        on
            known_periods.customer_id = own_values.customer_id
            and known_periods.period_end = own_values.period_end
    where
        {%- for metric in own_metrics %}
        {{ 'or ' if not loop.first }}known_periods.{{ metric }} is distinct from own_values.{{ metric }}
        {%- endfor %}
    group by known_periods.customer_id

),

{% endif -%}
-- Who is no longer there is pending too: the rows must go.
pending_by_reason as (

    select * from changes_of_everybody

    union all

    select * from changes
    where customer_id is not null
    {%- if stored_metrics %}

    union all

    select * from left_periods
    {%- endif %}
    {%- if own_metrics %}

    union all

    select * from own_changes
    {%- endif %}
    {%- if unsettled %}

    union all

    -- What a run began and did not finish.
    select
        customer_id,
        pending_from,
        pending_until
    from {{ unsettled }}
    {%- endif %}

)

select
    customer_id,
    min(pending_from) as pending_from,
    max(pending_until) as pending_until
from pending_by_reason
group by customer_id
-- What happened after the last period waits until its own is scored.
having min(pending_from) <= (select max(periods.period_end) from periods)
