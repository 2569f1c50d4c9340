with interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}
    where {{ is_pending_customer('customer_id') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

transactions as (

    select
        interactions.customer_id,
        interactions.occurred_at,
        interactions.occurred_on,
        activity_types.role,
        -- Without an order's id each purchase is an order.
        coalesce(
            interactions.order_id,
            {{ dbt.concat(["interactions.input_entry", "':'", "interactions.interaction_id"]) }}
        ) as order_key,
        interactions.quantity,
        -- A refund lowers, whichever sign the source gives it.
        case
            when activity_types.role = 'refund' then -abs(interactions.amount)
            else interactions.amount
        end as net_amount
    from interactions
    inner join activity_types
        on interactions.activity_type = activity_types.activity_type
    where activity_types.role in ('purchase', 'refund', 'renewal', 'cancellation')

),

order_starts as (

    select
        customer_id,
        order_key,
        min(occurred_at) as ordered_at,
        min(occurred_on) as ordered_on
    from transactions
    where role = 'purchase'
    group by
        customer_id,
        order_key

),

orders as (

    select
        customer_id,
        ordered_on,
        row_number() over (partition by customer_id order by ordered_at, order_key) as order_number
    from order_starts

),

-- An order counts on the day on which it begins, money and items on the day on which they move.
movements as (

    select
        customer_id,
        ordered_on as moved_on,
        1 as orders,
        case when order_number > 1 then 1 else 0 end as repeat_orders,
        cast(null as decimal(28, 4)) as order_amount,
        cast(null as decimal(28, 4)) as net_amount,
        cast(null as decimal(28, 4)) as quantity,
        0 as renewals,
        0 as cancellations
    from orders

    union all

    select
        customer_id,
        occurred_on as moved_on,
        0 as orders,
        0 as repeat_orders,
        case when role in ('purchase', 'refund') then net_amount end as order_amount,
        case when role in ('purchase', 'refund', 'renewal') then net_amount end as net_amount,
        case when role = 'purchase' then quantity end as quantity,
        case when role = 'renewal' then 1 else 0 end as renewals,
        case when role = 'cancellation' then 1 else 0 end as cancellations
    from transactions

)

select
    movements.customer_id,
    periods.period_index,
    cast(sum(movements.orders) as {{ dbt.type_int() }}) as orders,
    cast(sum(movements.repeat_orders) as {{ dbt.type_int() }}) as repeat_orders,
    cast(sum(movements.order_amount) as decimal(28, 4)) as order_amount,
    cast(sum(movements.net_amount) as decimal(28, 4)) as net_amount,
    cast(sum(movements.quantity) as decimal(28, 4)) as quantity,
    cast(sum(movements.renewals) as {{ dbt.type_int() }}) as renewals,
    cast(sum(movements.cancellations) as {{ dbt.type_int() }}) as cancellations
from movements
inner join periods
    on {{ period_end('movements.moved_on') }} = periods.period_end
group by
    movements.customer_id,
    periods.period_index
