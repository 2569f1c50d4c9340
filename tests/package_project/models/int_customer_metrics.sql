-- Built on a model of its own, and beside the package's int_engagement__customer_metrics.
select
    user_id,
    extract('year' from joined_on) as joined_in
from {{ ref('stg_customers') }}
