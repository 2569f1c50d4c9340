{%- set dimensions = ['behavioural', 'attitudinal', 'transactional', 'advocacy'] -%}
with scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion

),

periods as (

    select * from {{ ref('int_scoring_periods') }}

),

contributions as (

    select * from {{ ref('engagement_contributions') }}

),

score_models as (

    select * from {{ ref('config_score_models') }}

),

score_overrides as (

    select * from {{ ref('int_score_overrides') }}

),

customer_attributes as (

    select * from {{ ref('int_customer_attributes') }}

),

latest_period as (

    select
        period_end,
        period_index
    from periods
    where is_latest

),

latest_scores as (

    select scores.*
    from scores
    inner join latest_period
        on scores.period_end = latest_period.period_end

),

previous_scores as (

    select
        scores.customer_id,
        scores.score_model,
        scores.score
    from scores
    inner join periods
        on scores.period_end = periods.period_end
    inner join latest_period
        on periods.period_index = latest_period.period_index - 1

),

ranks as (

    select
        customer_id,
        rank() over (order by score desc) as score_rank,
        percent_rank() over (order by score) as percentile_rank
    from latest_scores
    where score is not null

),

-- What adjusts a score as a whole is no reason for it.
latest_lines as (

    select
        contributions.customer_id,
        contributions.component,
        contributions.dimension,
        contributions.contribution,
        contributions.applied_weight,
        score_models.aggregation,
        ln(1 + coalesce(contributions.scaled_value, 0)) as log_value,
        -- What the score would gain with the component at its best.
        case
            when contributions.scaled_value is null then -contributions.contribution
            when score_models.aggregation = 'geometric'
                then
                    (1 + latest_scores.raw_score)
                    * (
                        power(
                            101 / (1 + contributions.scaled_value), contributions.applied_weight
                        )
                        - 1
                    )
            else contributions.applied_weight * (100 - contributions.scaled_value)
        end as points_lost
    from contributions
    inner join latest_scores
        on
            contributions.customer_id = latest_scores.customer_id
            and contributions.score_model = latest_scores.score_model
            and contributions.version = latest_scores.version
            and contributions.period_end = latest_scores.period_end
    inner join score_models
        on
            contributions.score_model = score_models.score_model
            and contributions.version = score_models.version
    where
        contributions.dimension != 'adjustment'
        and contributions.component != 'negative_limit'

),

ordered_lines as (

    select
        *,
        row_number() over (
            partition by customer_id order by contribution desc, component asc
        ) as lift_number,
        row_number() over (
            partition by customer_id order by points_lost desc, component asc
        ) as drag_number
    from latest_lines

),

explained as (

    select
        {%- for dimension in dimensions %}
        {%- set weight = exact_sum(
            "case when dimension = '" ~ dimension ~ "' then applied_weight end"
        ) %}
        case
            when max(aggregation) = 'geometric'
                then
                    exp(
                        {{ exact_sum(
                            "case when dimension = '" ~ dimension
                            ~ "' then applied_weight * log_value end"
                        ) }}
                        / nullif({{ weight }}, 0)
                    ) - 1
            else
                {{ exact_sum("case when dimension = '" ~ dimension ~ "' then contribution end") }}
                / nullif({{ weight }}, 0)
        end as {{ dimension }}_score,
        {%- endfor %}
        max(
            case when lift_number = 1 and contribution > 0 then component end
        ) as top_driver_up,
        max(
            case when drag_number = 1 and points_lost > 0 then component end
        ) as top_driver_down,
        customer_id
    from ordered_lines
    group by customer_id

),

-- The attributes in force on the period's end; without valid_from, today's.
attributes as (

    select
        customer_attributes.customer_id,
        customer_attributes.account_id,
        {{ segments_as_json('customer_attributes') }} as segments
    from customer_attributes
    cross join latest_period
    where {{ is_in_force('customer_attributes', 'latest_period.period_end') }}

),

final as (

    select
        -- ids
        latest_scores.customer_id,
        attributes.account_id,
        latest_scores.score_model,
        latest_scores.version,
        latest_scores.period_end,

        -- score
        latest_scores.score,
        latest_scores.raw_score,
        latest_scores.band,
        latest_scores.settled_band,
        case
            when latest_scores.is_just_below_bound
                then
                    {{ dbt.concat([
                        "'shows as '",
                        "cast(round(latest_scores.score, 1) as " ~ dbt.type_string() ~ ")",
                        "' and is under it: stays '",
                        "latest_scores.band",
                    ]) }}
        end as band_note,
        latest_scores.status,
        latest_scores.coverage,
        previous_scores.score as previous_score,
        latest_scores.score - previous_scores.score as score_change,
        cast(ranks.score_rank as {{ dbt.type_int() }}) as score_rank,
        ranks.percentile_rank,

        -- why
        {%- for dimension in dimensions %}
        explained.{{ dimension }}_score,
        {%- endfor %}
        explained.top_driver_up,
        explained.top_driver_down,

        -- set by hand
        latest_scores.is_overridden,
        score_overrides.reason as override_reason,
        score_overrides.author as override_author,
        score_overrides.valid_to as override_valid_to,

        -- segments
        attributes.segments
    from latest_scores
    left join previous_scores
        on
            latest_scores.customer_id = previous_scores.customer_id
            and latest_scores.score_model = previous_scores.score_model
    left join ranks
        on latest_scores.customer_id = ranks.customer_id
    left join explained
        on latest_scores.customer_id = explained.customer_id
    left join score_overrides
        on
            latest_scores.customer_id = score_overrides.customer_id
            and latest_scores.score_model = score_overrides.score_model
            and latest_scores.period_end = score_overrides.period_end
    left join attributes
        on latest_scores.customer_id = attributes.customer_id

)

select * from final
