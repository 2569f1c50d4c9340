{{ config(post_hook="{{ customer_engagement.raise_addresses_as_ids() }}") }}
{{ depends_on('int_engagement__customers_judged', 'int_engagement__interaction_ledger') }}
with activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where reject_reason is null and copy_number = 1

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

data_horizon as (

    select * from {{ ref('int_engagement__data_horizon') }}

),

first_signs_of_life as (

    select
        customer_id,
        min(occurred_on) as first_interaction_on,
        cast(null as date) as first_response_on,
        cast(null as date) as signed_up_on
    from activity_days
    group by customer_id

    union all

    select
        customer_id,
        cast(null as date) as first_interaction_on,
        min(responded_on) as first_response_on,
        cast(null as date) as signed_up_on
    from survey_responses
    group by customer_id

    union all

    select
        customer_id,
        cast(null as date) as first_interaction_on,
        cast(null as date) as first_response_on,
        min(signed_up_on) as signed_up_on
    from customer_attributes
    group by customer_id

),

customers as (

    select
        customer_id,
        min(first_interaction_on) as first_interaction_on,
        min(first_response_on) as first_response_on,
        min(signed_up_on) as signed_up_on
    from first_signs_of_life
    group by customer_id

)

select
    customers.customer_id,
    customers.signed_up_on,
    customers.first_interaction_on,
    customers.first_response_on,
    -- Who signed up after the first interaction was here before.
    coalesce(
        least(
            coalesce(customers.signed_up_on, customers.first_interaction_on),
            coalesce(customers.first_interaction_on, customers.signed_up_on)
        ),
        customers.first_response_on,
        data_horizon.first_day
    ) as in_scope_from,
    -- The first sign of life: from then on the customer can be scored.
    coalesce(
        least(
            coalesce(customers.first_interaction_on, customers.first_response_on),
            coalesce(customers.first_response_on, customers.first_interaction_on)
        ),
        customers.first_interaction_on
    ) as known_from
from customers
cross join data_horizon
