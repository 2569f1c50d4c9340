{#- A full build scores every period again, so that it reads all of them here. -#}
with customer_states as (

    select * from {{ ref('int_engagement__customer_states') }}
    where {{ is_rescored_period('period_end', has_end=false) }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

final as (

    select
        -- ids
        customer_states.customer_id,
        customer_states.period_end,

        -- segments
        {{- known_segments('customer_attributes') }}
        customer_states.purchase_segment,
        customer_states.lifecycle_stage,
        coalesce(customer_states.satisfaction_quadrant, '(unknown)') as satisfaction_quadrant,

        -- what segments add up
        customer_states.satisfaction,
        customer_states.is_active_in_period
    from customer_states
    left join customer_attributes
        on
            customer_states.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'customer_states.period_end') }}

)

select * from final
