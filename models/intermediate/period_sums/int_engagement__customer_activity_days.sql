{{ config(
    materialized='incremental',
    pre_hook="
        {% if is_incremental() %}
        delete from {{ this }} as stored
        where exists (
            select 1
            from {{ ref('int_engagement__changed_days') }} as changed
            where
                stored.customer_id = changed.customer_id
                and stored.occurred_on = changed.changed_on
        )
        {% endif %}
    ",
) }}
{{ depends_on('int_engagement__changed_days') }}
with interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

{% if is_incremental() -%}
changed_days as (

    select distinct
        customer_id,
        changed_on
    from {{ ref('int_engagement__changed_days') }}

),

{% endif -%}
changed as (

    select interactions.*
    from interactions
    {% if is_incremental() -%}
    inner join changed_days
        on
            interactions.customer_id = changed_days.customer_id
            and interactions.occurred_on = changed_days.changed_on
    {% endif %}
)

select
    customer_id,
    activity_type,
    occurred_on,
    cast(count(*) as {{ dbt.type_int() }}) as interactions,
    cast(sum(duration_seconds) as decimal(28, 4)) as duration_seconds,
    cast(sum(amount) as decimal(28, 4)) as amount,
    cast(sum(abs(amount)) as decimal(28, 4)) as absolute_amount,
    cast(sum(quantity) as decimal(28, 4)) as quantity,
    max(occurred_at) as last_occurred_at,
    min(customer_bucket) as customer_bucket,
    {{ fingerprint_sum('fingerprint') }} as fingerprint
from changed
group by
    customer_id,
    activity_type,
    occurred_on
