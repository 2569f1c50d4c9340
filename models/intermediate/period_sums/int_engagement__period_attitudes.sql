{%- set attitudes = shipped_metrics().items() | selectattr('1.attitude') | map('first')
    | reject('equalto', 'nps') | list -%}
with survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where
        reject_reason is null
        and copy_number = 1
        and {{ is_pending_customer('customer_id') }}

),

comment_sentiment as (

    select * from {{ ref('int_engagement__comment_sentiment') }}

),

periods as (

    select
        period_index,
        period_end,
        period_end as answered_until,
        true as has_own_period
    from {{ ref('int_engagement__scoring_periods') }}

    union all

    select
        period_index,
        period_end,
        previous_period_end as answered_until,
        false as has_own_period
    from {{ ref('int_engagement__scoring_periods') }}
    where previous_period_end is not null

),

-- The answers that are valid on the end of a period, of those given until a day.
valid_responses as (

    select
        survey_responses.customer_id,
        survey_responses.metric,
        survey_responses.rating,
        periods.period_index,
        periods.has_own_period,
        -- A decimal, because sums must repeat to the last digit.
        cast(
            (cast(survey_responses.rating as double) - survey_responses.scale_min)
            / (survey_responses.scale_max - survey_responses.scale_min) as decimal(18, 12)
        ) as rescaled_rating,
        cast(comment_sentiment.polarity as decimal(18, 12)) as polarity,
        row_number() over (
            partition by
                survey_responses.customer_id,
                survey_responses.metric,
                periods.period_index,
                periods.has_own_period
            order by
                survey_responses.responded_at desc,
                survey_responses.rating asc,
                survey_responses.response_id asc
        ) as recency_number
    from survey_responses
    inner join periods
        on
            survey_responses.responded_on <= periods.answered_until
            and {{ days_between('survey_responses.responded_on', 'periods.period_end') }}
            <= survey_responses.valid_days
    left join comment_sentiment
        on survey_responses.comment_hash = comment_sentiment.comment_hash

),

final as (

    select
        customer_id,
        period_index,
        has_own_period,
        {%- for attitude in attitudes %}
        cast(sum(case when metric = '{{ attitude }}' then rescaled_rating end) as double)
        / count(case when metric = '{{ attitude }}' then 1 end) as {{ attitude }},
        {%- endfor %}
        max(
            case when metric = 'nps' and recency_number = 1 then cast(rating as double) end
        ) as nps,
        -- NULLs are not counted: a comment of which no word is known says nothing.
        cast(sum(polarity) as double) / count(polarity) as sentiment
    from valid_responses
    group by
        customer_id,
        period_index,
        has_own_period

)

select * from final
