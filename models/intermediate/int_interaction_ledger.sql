{%- set content = [
    'source_customer_id', 'activity_type', 'occurred_at', 'order_id', 'session_id', 'channel',
    'duration_seconds', 'amount', 'quantity',
] -%}
with interactions as (

    select * from {{ ref('int_interactions_judged') }}
    where reject_reason is null

),

data_horizon as (

    select * from {{ ref('int_data_horizon') }}

),

-- A row without an id is known by its content.
identified as (

    select
        interactions.*,
        case
            when interactions.interaction_id is null
                then {{ content_hash(content, 'interactions') }}
        end as content_id
    from interactions
    cross join data_horizon
    where interactions.occurred_on between data_horizon.first_day and data_horizon.last_day

),

-- Which copy wins must not depend on the order of arrival: the earliest load, then the content.
numbered as (

    select
        *,
        row_number() over (
            partition by input_entry, interaction_id, content_id
            order by loaded_at nulls last, {{ content | join(' nulls last, ') }} nulls last
        ) as copy_number,
        count(*) over (partition by input_entry, interaction_id, content_id) as copies
    from identified

),

final as (

    select
        -- ids
        input_entry,
        coalesce(
            interaction_id,
            {{ dbt.concat(["content_id", "'-'", as_count('copy_number')]) }}
        ) as interaction_id,
        customer_id,
        order_id,
        session_id,

        -- what happened
        activity_type,
        channel,
        duration_seconds,
        amount,
        quantity,

        -- timestamps
        occurred_at,
        occurred_on,
        loaded_at,

        -- the rows that were read for this one
        case when content_id is null then copies else 1 end as copies
    from numbered
    where content_id is not null or copy_number = 1

)

select * from final
