with scores as (

    select * from {{ ref('scoring_scores') }}

),

score_models as (

    select * from {{ ref('config_score_models') }}

),

periods as (

    select * from {{ ref('int_scoring_periods') }}

),

customer_segments as (

    select * from {{ ref('int_customer_segments') }}

),

-- A score model with a segment is for the customers who were in it at the period's end.
applicable as (

    select
        scores.*,
        periods.is_partial,
        score_models.status != 'challenger' as is_candidate,
        score_models.priority
    from scores
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    inner join periods
        on scores.period_end = periods.period_end
    left join customer_segments
        on
            scores.customer_id = customer_segments.customer_id
            and score_models.segment_column = customer_segments.segment_column
            and score_models.segment_value = customer_segments.segment
            and {{ is_in_force('customer_segments', 'scores.period_end') }}
    where score_models.segment_column is null or customer_segments.customer_id is not null

),

final as (

    select
        -- ids
        customer_id,
        score_model,
        version,
        period_end,
        coalesce(
            is_candidate
            and priority = min(case when is_candidate then priority end) over (
                partition by customer_id, period_end
            ),
            false
        ) as is_champion,

        -- score
        score,
        raw_score,
        band,
        status,
        coverage,
        cast(exposed_days as {{ dbt.type_int() }}) as exposed_days,
        is_partial as is_partial_period
    from applicable

)

select * from final
