with survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where reject_reason is null and copy_number = 1

),

interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where role = 'follow_up'

),

scored_periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    where is_scored

),

last_scored_day as (

    select max(period_end) as last_scored_on
    from scored_periods

),

follow_ups as (

    select
        interactions.customer_id,
        interactions.occurred_at,
        interactions.occurred_on
    from interactions
    inner join activity_types
        on interactions.activity_type = activity_types.activity_type
    inner join last_scored_day
        on interactions.occurred_on <= last_scored_day.last_scored_on

),

first_follow_up as (

    select min(occurred_on) as recorded_from
    from follow_ups

),

unhappy_answers as (

    select
        *,
        {{ dbt.dateadd('day', var('follow_up_days', 4), 'responded_at') }} as follow_up_until
    from survey_responses
    where {{ is_unhappy_answer('survey_responses') }}

),

answers_with_follow_up as (

    select
        unhappy_answers.input_entry,
        unhappy_answers.response_id,
        unhappy_answers.customer_id,
        unhappy_answers.survey_type,
        unhappy_answers.rating,
        unhappy_answers.responded_at,
        unhappy_answers.responded_on,
        unhappy_answers.follow_up_until,
        min(follow_ups.occurred_at) as followed_up_at,
        min(follow_ups.occurred_on) as followed_up_on
    from unhappy_answers
    left join follow_ups
        on
            unhappy_answers.customer_id = follow_ups.customer_id
            and unhappy_answers.responded_at < follow_ups.occurred_at
    group by
        unhappy_answers.input_entry,
        unhappy_answers.response_id,
        unhappy_answers.customer_id,
        unhappy_answers.survey_type,
        unhappy_answers.rating,
        unhappy_answers.responded_at,
        unhappy_answers.responded_on,
        unhappy_answers.follow_up_until

),

final as (

    select
        -- ids
        answers.customer_id,
        answers.survey_type,

        -- answer
        answers.rating,
        answers.responded_at,
        answers.responded_on,

        -- follow-up
        {{ to_local_date('answers.follow_up_until') }} as follow_up_until_on,
        answers.followed_up_at,
        answers.followed_up_on,
        coalesce(answers.followed_up_at <= answers.follow_up_until, false)
            as is_followed_up_in_time,
        {{ to_local_date('answers.follow_up_until') }} < last_scored_day.last_scored_on
            as is_time_over,
        -- A company that records no follow-ups, or none yet, may well have made some.
        coalesce(answers.responded_on >= first_follow_up.recorded_from, false) as can_be_judged
    from answers_with_follow_up as answers
    cross join first_follow_up
    cross join last_scored_day

)

select * from final
