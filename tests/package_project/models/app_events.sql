-- What people do in the product, under the names of our activity types.
select
    event_id,
    user_id,
    happened_at,
    case event when 'login' then 'product_session' when 'ticket' then 'support_ticket' end as event
from {{ ref('raw_events') }}
