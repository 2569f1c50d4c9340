with survey_responses as (

    select * from {{ ref('stg_engagement__survey_responses') }}

),

survey_types as (

    select * from {{ ref('config_engagement__survey_types') }}

),

identity_map as (

    select * from {{ ref('int_engagement__identity_map') }}

),

excluded_customers as (

    select * from {{ ref('int_engagement__excluded_customers') }}

),

data_horizon as (

    select * from {{ ref('int_engagement__data_horizon') }}

),

responses_with_reason as (

    select
        -- ids
        survey_responses.input_entry,
        survey_responses.response_id,
        {{ merged_customer_id('survey_responses') }} as customer_id,
        survey_responses.customer_id as source_customer_id,

        -- answer
        survey_responses.survey_type,
        survey_types.metric,
        survey_responses.rating,
        survey_types.scale_min,
        survey_types.scale_max,
        survey_types.valid_days,
        survey_responses.comment,
        {{ dbt.hash('survey_responses.comment') }} as comment_hash,

        -- timestamps
        survey_responses.responded_at,
        {{ to_local_date('survey_responses.responded_at') }} as responded_on,

        -- validity
        survey_responses.unreadable_column,
        survey_responses.unreadable_text,
        case
            when excluded_customers.reject_reason is not null then excluded_customers.reject_reason
            when survey_responses.reject_reason is not null then survey_responses.reject_reason
            when survey_types.survey_type is null then 'unknown_survey_type'
            when
                survey_responses.rating < survey_types.scale_min
                or survey_responses.rating > survey_types.scale_max
                then 'rating_out_of_scale'
            when {{ to_local_date('survey_responses.responded_at') }} > data_horizon.last_day
                then 'after_horizon'
        end as reject_reason
    from survey_responses
    left join survey_types
        on survey_responses.survey_type = survey_types.survey_type
    {{ join_identities('survey_responses') }}
    cross join data_horizon

),

responses_numbered as (

    select
        *,
        case
            when response_id is null then 1
            else
                row_number() over (
                    partition by input_entry, response_id, reject_reason
                    order by responded_at, source_customer_id, survey_type, rating, comment
                )
        end as copy_number
    from responses_with_reason

)

select * from responses_numbered
