select
    user_id as customer_id,
    joined_on as signed_up_at
from {{ ref('raw_people') }}
