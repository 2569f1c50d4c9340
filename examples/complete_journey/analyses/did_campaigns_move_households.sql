-- One row per campaign: how the scores of those who were sent it moved while it ran, against those
-- of households that were not. The chain chose whom to send to, so three comparisons stand beside
-- each other: with all others, with those of the same score when it began, and with those of the
-- same score then and one campaign's length earlier. Where they differ, the choice shows.
with campaign_households as (

    select
        campaigns.campaign_id,
        descriptions.campaign_type,
        campaigns.household_id as customer_id,
        cast(descriptions.start_date as date) as starts_on,
        cast(descriptions.end_date as date) as ends_on
    from read_parquet('campaigns.parquet') as campaigns
    inner join read_parquet('campaign_descriptions.parquet') as descriptions
        on campaigns.campaign_id = descriptions.campaign_id

),

answers as (

    select distinct
        campaign_id,
        household_id as customer_id
    from read_parquet('coupon_redemptions.parquet')

),

periods as (

    select
        period_end,
        row_number() over (order by period_end) as period_number
    from {{ ref('engagement_scores') }}
    group by period_end

),

scores as (

    select
        scores.customer_id,
        scores.score,
        periods.period_number
    from {{ ref('engagement_scores') }} as scores
    inner join periods
        on scores.period_end = periods.period_end
    where scores.is_champion and scores.score is not null

),

-- The last week before a campaign and the first that ends after it; earlier ones have no full window.
campaigns as (

    select
        campaign_households.campaign_id,
        campaign_households.campaign_type,
        campaign_households.starts_on,
        max(before_it.period_number) as before_number,
        max(after_it.period_number) as after_number
    from campaign_households
    inner join periods as before_it
        on
            before_it.period_end < campaign_households.starts_on
            and before_it.period_end >= campaign_households.starts_on - 7
    inner join periods as after_it
        on
            after_it.period_end >= campaign_households.ends_on
            and after_it.period_end < campaign_households.ends_on + 7
    group by
        campaign_households.campaign_id,
        campaign_households.campaign_type,
        campaign_households.starts_on
    having max(before_it.period_number) >= 13

),

households as (

    select
        campaigns.campaign_id,
        campaigns.campaign_type,
        campaigns.starts_on,
        before_it.customer_id,
        campaign_households.customer_id is not null as was_sent,
        answers.customer_id is not null as has_answered,
        before_it.score as score_before,
        after_it.score - before_it.score as moved,
        least(floor(before_it.score / 10), 9) as stratum,
        least(floor(earlier.score / 10), 9) as earlier_stratum
    from campaigns
    inner join scores as before_it
        on campaigns.before_number = before_it.period_number
    inner join scores as after_it
        on
            before_it.customer_id = after_it.customer_id
            and campaigns.after_number = after_it.period_number
    inner join scores as earlier
        on
            before_it.customer_id = earlier.customer_id
            and 2 * campaigns.before_number - campaigns.after_number = earlier.period_number
    left join campaign_households
        on
            campaigns.campaign_id = campaign_households.campaign_id
            and before_it.customer_id = campaign_households.customer_id
    left join answers
        on
            campaigns.campaign_id = answers.campaign_id
            and before_it.customer_id = answers.customer_id

),

totals as (

    select
        campaign_id,
        campaign_type,
        starts_on,
        count(case when was_sent then 1 end) as households,
        avg(case when was_sent then case when has_answered then 1.0 else 0 end end) as answered_rate,
        avg(case when was_sent then score_before end) as score_before,
        avg(case when not was_sent then score_before end) as score_before_of_others,
        avg(case when was_sent then moved end) - avg(case when not was_sent then moved end)
            as against_all_others
    from households
    group by
        campaign_id,
        campaign_type,
        starts_on

),

{% for name, strata in {
    'same_score': ['stratum'], 'same_path': ['stratum', 'earlier_stratum'],
}.items() -%}
{{ name }}_cells as (

    select
        campaign_id,
        {{ strata | join(', ') }},
        count(case when was_sent then 1 end) as households,
        avg(case when was_sent then moved end) - avg(case when not was_sent then moved end)
            as difference,
        var_samp(case when was_sent then moved end) / count(case when was_sent then 1 end)
        + var_samp(case when not was_sent then moved end) / count(case when not was_sent then 1 end)
            as variance
    from households
    group by
        campaign_id,
        {{ strata | join(', ') }}
    having
        count(case when was_sent then 1 end) > 1
        and count(case when not was_sent then 1 end) > 1

),

{{ name }} as (

    select
        campaign_id,
        sum(households) as households,
        sum(households * difference) / sum(households) as difference,
        sqrt(sum(households * households * variance)) / sum(households) as standard_error
    from {{ name }}_cells
    group by campaign_id

),

{% endfor -%}
final as (

    select
        totals.campaign_id,
        totals.campaign_type,
        totals.starts_on,
        totals.households,
        round(totals.answered_rate, 3) as answered_rate,
        round(totals.score_before, 3) as score_before,
        round(totals.score_before_of_others, 3) as score_before_of_others,
        round(totals.against_all_others, 3) as against_all_others,
        round(same_score.difference, 3) as against_same_score,
        round(same_path.difference, 3) as against_same_path,
        round(same_path.standard_error, 3) as standard_error,
        same_path.households as households_compared
    from totals
    inner join same_score
        on totals.campaign_id = same_score.campaign_id
    inner join same_path
        on totals.campaign_id = same_path.campaign_id

)

select * from final
order by starts_on, campaign_id
