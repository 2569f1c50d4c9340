-- A model that many projects have. The package's own of that layer carry engagement__ in their names.
select
    user_id,
    joined_on
from {{ ref('raw_people') }}
