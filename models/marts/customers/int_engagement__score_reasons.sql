{%- set dimensions = ['behavioural', 'attitudinal', 'transactional', 'advocacy'] -%}
with latest_scores as (

    select * from {{ ref('int_engagement__latest_scores') }}

),

contributions as (

    select * from {{ ref('engagement_contributions') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

-- Lines that adjust the score as a whole are no reason for it.
score_lines as (

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

score_lines_with_extremes as (

    select
        *,
        max(contribution) over (partition by customer_id) as most_contributed,
        max(points_lost) over (partition by customer_id) as most_lost
    from score_lines

),

final as (

    select
        customer_id,
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
        min(
            case when contribution = most_contributed and contribution > 0 then component end
        ) as top_driver_up,
        min(
            case when points_lost = most_lost and points_lost > 0 then component end
        ) as top_driver_down
    from score_lines_with_extremes
    group by customer_id

)

select * from final
