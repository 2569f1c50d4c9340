with survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where reject_reason is null and copy_number = 1

),

pending_customers as (

    select * from {{ ref('int_engagement__pending_customers') }}

)

select
    survey_responses.input_entry,
    survey_responses.response_id,
    survey_responses.customer_id,
    survey_responses.source_customer_id,
    survey_responses.survey_type,
    survey_responses.metric,
    survey_responses.rating,
    survey_responses.scale_min,
    survey_responses.scale_max,
    survey_responses.valid_days,
    survey_responses.comment_hash,
    survey_responses.responded_at,
    survey_responses.responded_on,
    survey_responses.unreadable_column,
    survey_responses.unreadable_text,
    survey_responses.reject_reason,
    survey_responses.copy_number
from survey_responses
inner join pending_customers
    on survey_responses.customer_id = pending_customers.customer_id
