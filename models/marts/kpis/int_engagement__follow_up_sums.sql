with unhappy_answers as (

    select * from {{ ref('int_engagement__unhappy_answers') }}
    where can_be_judged

),

kpi_periods as (

    select * from {{ ref('int_engagement__kpi_periods') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

-- An answer belongs to the period in which it was given.
period_answers as (

    select
        kpi_periods.period_grain,
        kpi_periods.period_end,
        {%- for column in quoted_segment_columns() %}
        coalesce(customer_attributes.{{ column }}, '(unknown)') as {{ column }},
        {%- endfor %}
        answers.customer_id,
        {{ dbt.datediff('answers.responded_at', 'answers.followed_up_at', 'second') }}
        / 86400.0 as days_waited,
        case when answers.is_followed_up_in_time then 1 else 0 end as in_time,
        case when answers.is_followed_up_in_time or answers.is_time_over then 1 else 0 end
            as judged
    from unhappy_answers as answers
    inner join kpi_periods
        on answers.responded_on between kpi_periods.days_from and kpi_periods.days_until
    left join customer_attributes
        on
            answers.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'kpi_periods.days_until') }}

),

segmented_answers as (

    {% for segment_column, cut in kpi_cuts().items() -%}
    select
        '{{ segment_column }}' as segment_column,
        {{ segment_of_cut('period_answers', cut) }} as segment,
        period_answers.*
    from period_answers
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- An answer without a follow-up has waited longer than all others: a median among them is open.
answer_sums as (

    select
        period_grain,
        segment_column,
        segment,
        period_end,
        percentile_cont(0.5) within group (order by coalesce(days_waited, 1e9)) as median_days,
        count(*) as answers,
        count(days_waited) as followed_up,
        sum(in_time) as in_time,
        sum(judged) as judged,
        count(distinct customer_id) as customers
    from segmented_answers
    group by
        period_grain,
        segment_column,
        segment,
        period_end

),

final as (

    select
        'followed_up_share' as kpi,
        period_grain,
        segment_column,
        segment,
        period_end,
        cast(in_time as double) as numerator,
        judged as denominator,
        customers,
        cast(null as double) as given_value
    from answer_sums
    where judged > 0

    union all

    select
        'follow_up_days' as kpi,
        period_grain,
        segment_column,
        segment,
        period_end,
        cast(followed_up as double) as numerator,
        answers as denominator,
        customers,
        -- The median of a finished and an open wait includes half of the open one.
        case when median_days < 1e8 then median_days end as given_value
    from answer_sums

)

select * from final
