{%- set content = interaction_content() -%}
with interactions as (

    select * from {{ ref('stg_engagement__interactions') }}

),

identity_map as (

    select * from {{ ref('int_engagement__identity_map') }}

),

excluded_customers as (

    select * from {{ ref('int_engagement__excluded_customers') }}

),

{% if var('strict_activity_types', false) -%}
activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

{% endif -%}
interactions_with_reason as (

    select
        -- ids
        interactions.input_entry,
        interactions.interaction_id,
        {{ merged_customer_id('interactions') }} as customer_id,
        interactions.customer_id as source_customer_id,
        interactions.order_id,
        interactions.session_id,

        -- what happened
        interactions.activity_type,
        interactions.channel,
        interactions.duration_seconds,
        interactions.amount,
        interactions.quantity,

        -- timestamps
        interactions.occurred_at,
        interactions.loaded_at,
        {{ to_local_date('interactions.occurred_at') }} as occurred_on,

        -- validity
        interactions.unreadable_column,
        interactions.unreadable_text,
        case
            when excluded_customers.reject_reason is not null then excluded_customers.reject_reason
            when interactions.reject_reason is not null then interactions.reject_reason
            {%- if var('strict_activity_types', false) %}
            when activity_types.activity_type is null then 'unlisted_activity_type'
            {%- endif %}
        end as reject_reason
    from interactions
    {{ join_identities('interactions') }}
    {%- if var('strict_activity_types', false) %}
    left join activity_types
        on interactions.activity_type = activity_types.activity_type
    {%- endif %}

),

-- Whether a row is new, changed or gone, without looking at what is made of it.
final as (

    select
        *,
        {{ customer_bucket('customer_id') }} as customer_bucket,
        case
            when interaction_id is null then {{ fingerprint(['input_entry'] + content) }}
            else {{ fingerprint(['input_entry', 'interaction_id']) }}
        end as record_key,
        {{ fingerprint(
            ['input_entry', 'interaction_id', 'customer_id', 'occurred_on', 'loaded_at'] + content
            + ['unreadable_column', 'unreadable_text', 'reject_reason']
        ) }} as fingerprint
    from interactions_with_reason

)

select * from final
