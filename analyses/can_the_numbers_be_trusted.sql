-- Every input entry: whether all of its rows are accounted for, what was set aside, and how fresh
-- it is.
select
    input,
    input_entry,
    raw_rows,
    accepted_rows,
    duplicate_rows,
    rejected_rows,
    raw_rows
    = accepted_rows + duplicate_rows + rejected_rows as is_all_accounted_for,
    round(rejected_rows * 1.0 / nullif(raw_rows, 0), 4) as rejected_rate,
    last_event_at,
    unlisted_interactions
from {{ ref('interaction_audit') }}
order by
    raw_rows desc,
    input_entry asc
