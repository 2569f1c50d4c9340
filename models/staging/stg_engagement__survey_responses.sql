with entries as (

    {{ union_entries('survey_responses') | indent(4) }}

),

judged as (

    select
        -- ids
        input_entry,
        response_id,
        customer_id,

        -- answer
        survey_type,
        rating,
        comment,

        -- timestamps
        responded_at,

        -- validity
        unreadable_column,
        unreadable_text,
        is_out_of_range,
        case
            when customer_id is null then 'missing_customer_id'
            when survey_type is null then 'missing_survey_type'
            when is_out_of_range then 'out_of_range'
            when unreadable_column = 'responded_at' then 'unreadable_time'
            when responded_at is null then 'missing_time'
            when unreadable_column is not null then 'unreadable_value'
            when rating is null then 'missing_rating'
        end as reject_reason
    from entries

)

select * from judged
