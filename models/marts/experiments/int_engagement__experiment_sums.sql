with outcomes as (

    select * from {{ ref('int_engagement__experiment_outcomes') }}

),

outcome_ranges as (

    select
        experiment_id,
        outcome,
        min(value) as value_lowest,
        max(value) - min(value) as value_range,
        min(covariate) as covariate_lowest,
        max(covariate) - min(covariate) as covariate_range
    from outcomes
    group by
        experiment_id,
        outcome

),

-- On 0 to 1 of the range, so that 16 decimals hold the squares of every outcome, and an outcome
-- that is the same for all is 0 to the last digit.
scaled_outcomes as (

    select
        outcomes.experiment_id,
        outcomes.outcome,
        outcomes.variant,
        outcomes.is_version_frozen,
        ranges.value_lowest,
        ranges.value_range,
        (outcomes.value - ranges.value_lowest)
        / case when ranges.value_range > 0 then ranges.value_range else 1 end
            as value,
        (outcomes.covariate - ranges.covariate_lowest)
        / case when ranges.covariate_range > 0 then ranges.covariate_range else 1 end
            as covariate
    from outcomes
    inner join outcome_ranges as ranges
        on
            outcomes.experiment_id = ranges.experiment_id
            and outcomes.outcome = ranges.outcome

),

variant_sums as (

    select
        -- ids
        experiment_id,
        outcome,
        variant,

        -- customers
        count(*) as customers,
        count(value) as measured_customers,
        count(case when value is not null then covariate end) as covered_customers,

        -- scale
        max(value_lowest) as value_lowest,
        max(value_range) as value_range,

        -- sums over the customers with a value
        {{ exact_sum('value') }} as value_sum,
        {{ exact_sum('value * value') }} as value_square_sum,
        {{ exact_sum('case when value is not null then covariate end') }} as covariate_sum,
        {{ exact_sum('case when value is not null then covariate * covariate end') }}
            as covariate_square_sum,
        {{ exact_sum('value * covariate') }} as product_sum,
        {{ exact_sum('case when covariate is null then value end') }} as uncovered_value_sum,

        -- whether it may be compared
        min(case when is_version_frozen then 1 else 0 end) = 1 as is_variant_frozen
    from scaled_outcomes
    group by
        experiment_id,
        outcome,
        variant

),

final as (

    select
        *,
        min(case when is_variant_frozen then 1 else 0 end) over (
            partition by experiment_id, outcome
        ) = 1 as is_version_frozen
    from variant_sums

)

select * from final
