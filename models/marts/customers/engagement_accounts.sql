{{ config(grants=marts_grants()) }}
{{ built_by_period(has_end=false) }}
with scores as (

    select * from {{ ref('int_engagement__score_trends') }}

),

customer_states as (

    select * from {{ ref('int_engagement__customer_states') }}
    where account_id is not null

),

-- Includes the period before the first that is computed again, from which changes start.
periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}
    {%- if is_incremental() %}
    where
        period_index >= (
            select min(rescored_periods.period_index) - 1
            from {{ ref('int_engagement__scoring_periods') }} as rescored_periods
            where {{ is_rescored_period('rescored_periods.period_end', has_end=false) }}
        )
    {%- endif %}

),

seats as (

    select
        customer_states.account_id,
        customer_states.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        periods.period_index,
        scores.is_partial_period,
        scores.score,
        customer_states.engaged_interactions,
        max(customer_states.engaged_interactions) over (
            partition by customer_states.account_id, customer_states.period_end
        ) as most_interactions
    from scores
    inner join customer_states
        on
            scores.customer_id = customer_states.customer_id
            and scores.period_end = customer_states.period_end
    inner join periods
        on scores.period_end = periods.period_end

),

accounts as (

    select
        account_id,
        period_end,
        period_index,
        is_partial_period,
        min(score_model) as first_score_model,
        max(score_model) as last_score_model,
        min(version) as first_version,
        max(version) as last_version,
        count(*) as customers,
        count(score) as scored_customers,
        {{ exact_sum('score') }} / nullif(count(score), 0) as score,
        count(case when engaged_interactions > 0 then 1 end) as active_customers,
        sum(engaged_interactions) as engaged_interactions,
        max(most_interactions) as most_interactions,
        -- Of two equally busy customers, the first by id.
        min(
            case
                when engaged_interactions = most_interactions and most_interactions > 0
                    then customer_id
            end
        ) as busiest_customer_id
    from seats
    group by
        account_id,
        period_end,
        period_index,
        is_partial_period

),

accounts_with_change as (

    select
        *,
        cast(active_customers as double) / customers as breadth,
        cast(most_interactions as double) / nullif(engaged_interactions, 0) as concentration,
        -- Only under the same model and version: another one measures differently.
        case
            when
                min(first_score_model) over one_before = first_score_model
                and max(last_score_model) over one_before = last_score_model
                and min(first_version) over one_before = first_version
                and max(last_version) over one_before = last_version
                then score - max(score) over one_before
        end as score_change
    from accounts
    window one_before as (
        partition by account_id order by period_index
        range between 1 preceding and 1 preceding
    )

),

final as (

    select
        -- ids
        account_id,
        period_end,

        -- size
        customers,
        scored_customers,

        -- score
        score,
        score_change,

        -- activity
        active_customers,
        cast(engaged_interactions as {{ dbt.type_bigint() }}) as engaged_interactions,
        breadth,
        concentration,
        busiest_customer_id,
        coalesce(customers >= 3 and concentration >= 0.8, false) as is_hanging_on_one,

        -- how to read it
        is_partial_period
    from accounts_with_change
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end', has_end=false) }}
    {%- endif %}

)

select * from final
