{%- set no_number = 'cast(null as double)' -%}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with customers as (

    select * from {{ ref('int_engagement__watched_customers') }}
    where is_watched

),

shifts as (

    select * from {{ ref('int_engagement__score_shifts') }}
    where is_global

),

outages as (

    select * from {{ ref('int_engagement__source_outages') }}
    where is_stale

),

-- Conditions of customers; each of these models has the same columns.
customer_conditions as (

    select * from {{ ref('int_engagement__score_moves') }}

    union all

    select * from {{ ref('int_engagement__silences') }}

    union all

    select * from {{ ref('int_engagement__unhappy_customers') }}

    union all

    select * from {{ ref('int_engagement__gaming_days') }}

),

final as (

    select
        customer_conditions.kind,
        'customer' as subject_type,
        customers.customer_id as subject,
        customers.customer_id,
        customers.score_model,
        customers.version,
        customers.period_index,
        customers.period_end,
        customers.month_before_end,
        customers.is_rescored,
        customers.is_silent,
        customers.is_comparable,
        customers.score,
        coalesce(customer_conditions.band, customers.band) as band,
        customer_conditions.previous_band,
        customer_conditions.shift,
        customer_conditions.size,
        customer_conditions.measured,
        customer_conditions.usual,
        customer_conditions.detail,
        customer_conditions.happened_on
    from customer_conditions
    inner join customers
        on
            customer_conditions.customer_id = customers.customer_id
            and customer_conditions.period_index = customers.period_index

    union all

    select
        'global_shift' as kind,
        'company' as subject_type,
        'all' as subject,
        {{ no_text }} as customer_id,
        {{ no_text }} as score_model,
        {{ no_text }} as version,
        period_index,
        period_end,
        cast(null as date) as month_before_end,
        is_rescored,
        false as is_silent,
        false as is_comparable,
        {{ no_number }} as score,
        {{ no_text }} as band,
        {{ no_text }} as previous_band,
        shift,
        abs(shift) as size,
        moved_customers as measured,
        {{ no_number }} as usual,
        {{ no_text }} as detail,
        month_before_end as happened_on
    from shifts

    union all

    select
        'stale_source' as kind,
        'source' as subject_type,
        input_entry as subject,
        {{ no_text }} as customer_id,
        {{ no_text }} as score_model,
        {{ no_text }} as version,
        period_index,
        period_end,
        cast(null as date) as month_before_end,
        is_rescored,
        false as is_silent,
        false as is_comparable,
        {{ no_number }} as score,
        {{ no_text }} as band,
        {{ no_text }} as previous_band,
        {{ no_number }} as shift,
        silent_days as size,
        silent_days as measured,
        usual_gap_days as usual,
        {{ no_text }} as detail,
        stopped_on as happened_on
    from outages
    where period_index >= first_data_index + {{ score_windows() | min - 1 }}

)

select * from final
