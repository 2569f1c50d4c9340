{%- set drop_points = var('alert_drop_points', 15) -%}
with customers as (

    select * from {{ ref('int_engagement__watched_customers') }}
    where is_watched

),

shifts as (

    select * from {{ ref('int_engagement__score_shifts') }}

),

trends as (

    select * from {{ ref('int_engagement__score_trends') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

-- Beyond the shift of all customers, and beyond the usual noise of this customer's score.
customers_with_move as (

    select
        customers.customer_id,
        customers.period_index,
        customers.month_before_end,
        customers.score_change,
        shifts.shift,
        customers.score_change - shifts.shift as net_change
    from customers
    inner join shifts
        on customers.period_index = shifts.period_index
    inner join trends as trends_before
        on
            customers.customer_id = trends_before.customer_id
            and customers.month_before_end = trends_before.period_end
    where
        abs(customers.score_change) >= {{ drop_points }}
        and abs(customers.score_change - shifts.shift) >= {{ drop_points }}
        and sign(customers.score_change) = sign(customers.score_change - shifts.shift)
        and abs(customers.score_change - shifts.shift)
        >= 2 * coalesce(trends_before.noise, 0) * sqrt({{ alert_horizon() }})

),

customers_with_new_band as (

    select
        customers.customer_id,
        customers.period_index,
        customers.settled_band,
        customers.previous_settled_band,
        customers.score_change,
        bands.band_rank - previous_bands.band_rank as steps_down
    from customers
    inner join score_bands as bands
        on
            customers.score_model = bands.score_model
            and customers.version = bands.version
            and customers.settled_band = bands.band
    inner join score_bands as previous_bands
        on
            customers.score_model = previous_bands.score_model
            and customers.version = previous_bands.version
            and customers.previous_settled_band = previous_bands.band
    where customers.settled_band != customers.previous_settled_band and customers.is_exposed

),

final as (

    select
        case when score_change < 0 then 'drop' else 'rise' end as kind,
        customer_id,
        period_index,
        cast(null as {{ dbt.type_string() }}) as band,
        cast(null as {{ dbt.type_string() }}) as previous_band,
        shift,
        abs(net_change) as size,
        score_change as measured,
        cast(null as double) as usual,
        cast(null as {{ dbt.type_string() }}) as detail,
        month_before_end as happened_on
    from customers_with_move

    union all

    select
        case when steps_down > 0 then 'band_down' else 'band_up' end as kind,
        customer_id,
        period_index,
        settled_band as band,
        previous_settled_band as previous_band,
        cast(null as double) as shift,
        coalesce(abs(score_change), 0) as size,
        abs(steps_down) as measured,
        cast(null as double) as usual,
        cast(null as {{ dbt.type_string() }}) as detail,
        cast(null as date) as happened_on
    from customers_with_new_band

)

select * from final
