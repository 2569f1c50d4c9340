with availability as (

    select * from {{ ref('int_engagement__metric_availability') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

)

select
    cast(null as {{ dbt.type_string() }}) as customer_id,
    'available metric' as fact,
    periods.period_end as holds_from,
    cast(count(*) as {{ dbt.type_bigint() }}) as facts,
    {{ fingerprint_sum(fingerprint(['availability.window_periods', 'availability.metric'])) }}
        as fingerprint
from availability
inner join periods
    on periods.period_end between availability.available_from and availability.available_until
group by periods.period_end
