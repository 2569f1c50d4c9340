-- The share of their seats that people use, as last counted by the end of a period. After eight
-- weeks without a count nobody knows: there is no row.
with counts as (

    select * from {{ ref('raw_seat_counts') }}

),

periods as (

    select period_end from {{ ref('customer_engagement', 'int_engagement__scoring_periods') }}

)

select
    counts.user_id as customer_id,
    periods.period_end,
    counts.used / counts.seats as seat_use
from periods
inner join counts
    on
        periods.period_end >= counts.counted_on
        and {{ dbt.datediff('counts.counted_on', 'periods.period_end', 'day') }} < 56
qualify
    row_number() over (
        partition by counts.user_id, periods.period_end
        order by counts.counted_on desc
    ) = 1
