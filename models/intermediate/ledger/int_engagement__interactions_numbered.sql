{{ config(
    materialized='incremental',
    pre_hook="
        {% if is_incremental() %}
        delete from {{ this }}
        where record_key in (select record_key from {{ ref('int_engagement__touched_records') }})
        {% endif %}
    ",
) }}
{{ depends_on('int_engagement__touched_records') }}
{%- set content = interaction_content() -%}
with interactions as (

    select interactions.*
    from {{ ref('int_engagement__interactions_judged') }} as interactions
    {% if is_incremental() -%}
    inner join {{ ref('int_engagement__touched_records') }} as touched_records
        on interactions.record_key = touched_records.record_key
    {% endif -%}
    where {{ is_kept('interactions.reject_reason') }}

),

records as (

    select
        record_key,
        reject_reason
    {% if is_incremental() -%}
    from interactions
    {%- else -%}
    -- A narrow pass of its own: all rows with all columns would be kept for it.
    from {{ ref('int_engagement__interactions_judged') }}
    where {{ is_kept('reject_reason') }}
    {%- endif %}

),

-- Most ids occur once. Only rows of the others are sorted, which costs most.
repeated as (

    select record_key
    from records
    where reject_reason is null
    group by record_key
    having count(*) > 1

),

-- Which copy wins must not depend on the order of arrival: the earliest load, then the content.
copies as (

    select
        interactions.*,
        row_number() over (
            partition by
                interactions.input_entry,
                interactions.interaction_id,
                interactions.record_key
            order by
                interactions.loaded_at asc nulls last,
                interactions.{{ content | join(' asc nulls last, interactions.') }} asc nulls last
        ) as copy_number
    from interactions
    inner join repeated
        on interactions.record_key = repeated.record_key
    where interactions.reject_reason is null

),

others as (

    select
        interactions.*,
        case when interactions.reject_reason is null then 1 end as copy_number
    from interactions
    left join repeated
        on interactions.record_key = repeated.record_key
    where
        repeated.record_key is null
        or interactions.reject_reason is not null

),

numbered as (

    select * from copies

    union all

    select * from others

),

final as (

    select
        -- ids
        numbered.input_entry,
        numbered.record_key,
        case
            when numbered.interaction_id is not null then numbered.interaction_id
            when numbered.reject_reason is null
                then
                    {{ dbt.concat([
                        content_hash(content, 'numbered'), "'-'", as_count('numbered.copy_number'),
                    ]) }}
        end as interaction_id,
        numbered.interaction_id is not null as has_own_id,
        numbered.customer_id,
        numbered.source_customer_id,
        numbered.order_id,
        numbered.session_id,

        -- what happened
        numbered.activity_type,
        numbered.channel,
        numbered.duration_seconds,
        numbered.amount,
        numbered.quantity,

        -- timestamps
        numbered.occurred_at,
        numbered.occurred_on,
        numbered.loaded_at,

        -- validity
        numbered.unreadable_column,
        numbered.unreadable_text,
        numbered.reject_reason,
        cast(numbered.copy_number as {{ dbt.type_int() }}) as copy_number,

        -- what it was made of
        numbered.customer_bucket,
        numbered.fingerprint
    from numbered

)

select * from final
