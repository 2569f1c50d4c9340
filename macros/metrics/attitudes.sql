{#
    The answers that are valid on the end of each of the CTE periods, of those given until a day; over
    the CTEs survey_responses and comment_sentiment.
#}
{% macro valid_responses(answered_until) -%}
select
    survey_responses.customer_id,
    survey_responses.metric,
    survey_responses.rating,
    periods.period_index,
    -- A decimal, because sums must repeat to the last digit.
    cast(
        (cast(survey_responses.rating as double) - survey_responses.scale_min)
        / (survey_responses.scale_max - survey_responses.scale_min) as decimal(18, 12)
    ) as rescaled_rating,
    cast(comment_sentiment.polarity as decimal(18, 12)) as polarity,
    row_number() over (
        partition by survey_responses.customer_id, survey_responses.metric, periods.period_index
        order by
            survey_responses.responded_at desc,
            survey_responses.rating asc,
            survey_responses.response_id asc
    ) as recency_number
from survey_responses
inner join periods
    on
        survey_responses.responded_on <= {{ answered_until }}
        and {{ days_between('survey_responses.responded_on', 'periods.period_end') }}
        <= survey_responses.valid_days
left join comment_sentiment
    on survey_responses.comment_hash = comment_sentiment.comment_hash
{%- endmacro %}

{# What the CTE valid_responses says, one row per customer and period. #}
{% macro attitudes_of_responses() -%}
{%- set attitudes = [
    'csat', 'loyalty', 'brand_perception', 'brand_affinity', 'purchase_intent', 'support_quality',
] -%}
select
    customer_id,
    period_index,
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
    period_index
{%- endmacro %}
