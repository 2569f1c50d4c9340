with customers as (

    select * from {{ ref('int_engagement__watched_customers') }}
    where is_watched

),

unhappy_answers as (

    select
        *,
        {{ period_end('responded_on') }} as response_period_end
    from {{ ref('int_engagement__unhappy_answers') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

-- An answer that was followed up in its own period needs no alert.
answers_by_kind as (

    select
        'engaged_unhappy' as kind,
        response_period_end as period_end,
        *
    from unhappy_answers
    where followed_up_on is null or followed_up_on > response_period_end

    union all

    select
        'not_followed_up' as kind,
        {{ period_end('follow_up_until_on') }} as period_end,
        *
    from unhappy_answers
    where can_be_judged and not is_followed_up_in_time

),

-- The last answer of a period speaks for the customer.
numbered_answers as (

    select
        *,
        row_number() over (
            partition by kind, customer_id, period_end
            order by responded_at desc, survey_type asc, rating asc
        ) as answer_number
    from answers_by_kind

),

customers_with_answer as (

    select
        numbered_answers.kind,
        customers.customer_id,
        customers.period_index,
        coalesce(customers.score, 0) as size,
        numbered_answers.rating as measured,
        numbered_answers.survey_type as detail,
        numbered_answers.responded_on as happened_on,
        coalesce(
            {{ is_engaged_score('bands', 'customers.score') }} or previous_bands.is_engaged,
            false
        ) as is_engaged
    from numbered_answers
    inner join customers
        on
            numbered_answers.customer_id = customers.customer_id
            and numbered_answers.period_end = customers.period_end
    left join score_bands as bands
        on
            customers.score_model = bands.score_model
            and customers.version = bands.version
            and customers.band = bands.band
    left join score_bands as previous_bands
        on
            customers.score_model = previous_bands.score_model
            and customers.version = previous_bands.version
            and customers.previous_settled_band = previous_bands.band
    where numbered_answers.answer_number = 1

),

final as (

    select
        kind,
        customer_id,
        period_index,
        cast(null as {{ dbt.type_string() }}) as band,
        cast(null as {{ dbt.type_string() }}) as previous_band,
        cast(null as double) as shift,
        size,
        measured,
        cast(null as double) as usual,
        detail,
        happened_on
    from customers_with_answer
    where is_engaged or kind = 'not_followed_up'

)

select * from final
