{{ config(grants=marts_grants()) }}
{%- set counted_only = "('" ~ counted_only_reasons() | join("', '") ~ "')" -%}
with interactions as (

    select * from {{ ref('int_engagement__interactions_numbered') }}

),

data_horizon as (

    select * from {{ ref('int_engagement__data_horizon') }}

),

survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}

),

customers as (

    select * from {{ ref('int_engagement__customers_judged') }}

),

experiment_assignments as (

    select * from {{ ref('int_engagement__experiment_assignments_judged') }}

),

excluded_customers as (

    select * from {{ ref('int_engagement__excluded_customers') }}

),

-- A statement about internal people is kept without its ids; one about erased people is not kept.
identities as (

    select
        identities.input_entry,
        identities.reject_reason,
        excluded_ids.id is not null or excluded_customers.id is not null as is_excluded,
        identities.id,
        identities.customer_id,
        identities.unreadable_column,
        identities.unreadable_text
    from {{ ref('int_engagement__identities_judged') }} as identities
    left join excluded_customers as excluded_ids
        on identities.id = excluded_ids.id
    left join excluded_customers
        on identities.customer_id = excluded_customers.id
    where identities.reject_reason is not null

),

rejected as (

    select
        'interactions' as input,
        interactions.input_entry,
        case
            when interactions.reject_reason is not null then interactions.reject_reason
            when interactions.occurred_on < data_horizon.first_day then 'before_horizon'
            else 'after_horizon'
        end as reject_reason,
        case when interactions.has_own_id then interactions.interaction_id end as record_id,
        interactions.customer_id,
        interactions.activity_type as record_type,
        interactions.occurred_at,
        interactions.loaded_at,
        interactions.unreadable_column,
        interactions.unreadable_text
    from interactions
    left join data_horizon
        on true
    where
        interactions.reject_reason is not null
        or (
            (interactions.copy_number = 1 or not interactions.has_own_id)
            and interactions.occurred_on
            not between data_horizon.first_day and data_horizon.last_day
        )

    union all

    select
        'survey_responses' as input,
        input_entry,
        reject_reason,
        response_id as record_id,
        customer_id,
        survey_type as record_type,
        responded_at as occurred_at,
        cast(null as {{ dbt.type_timestamp() }}) as loaded_at,
        unreadable_column,
        unreadable_text
    from survey_responses
    where reject_reason is not null

    union all

    select
        'customers' as input,
        input_entry,
        reject_reason,
        cast(null as {{ dbt.type_string() }}) as record_id,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as record_type,
        cast(null as {{ dbt.type_timestamp() }}) as occurred_at,
        cast(null as {{ dbt.type_timestamp() }}) as loaded_at,
        unreadable_column,
        unreadable_text
    from customers
    where reject_reason is not null

    union all

    select
        'experiment_assignments' as input,
        input_entry,
        reject_reason,
        experiment_id as record_id,
        customer_id,
        variant as record_type,
        assigned_at as occurred_at,
        cast(null as {{ dbt.type_timestamp() }}) as loaded_at,
        unreadable_column,
        unreadable_text
    from experiment_assignments
    where reject_reason is not null

    union all

    select
        'identities' as input,
        input_entry,
        reject_reason,
        case when not is_excluded then id end as record_id,
        case when not is_excluded then customer_id end as customer_id,
        cast(null as {{ dbt.type_string() }}) as record_type,
        cast(null as {{ dbt.type_timestamp() }}) as occurred_at,
        cast(null as {{ dbt.type_timestamp() }}) as loaded_at,
        case when not is_excluded then unreadable_column end as unreadable_column,
        case when not is_excluded then unreadable_text end as unreadable_text
    from identities

),

-- Of internal and erased people only the count is kept: interaction_audit has it.
final as (

    select * from rejected
    where reject_reason not in {{ counted_only }}

)

select * from final
