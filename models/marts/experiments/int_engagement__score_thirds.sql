with score_models as (

    select * from {{ ref('int_engagement__latest_score_models') }}

),

scores as (

    select * from {{ ref('engagement_scores') }}
    where is_champion and score is not null

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

latest_scores as (

    select
        scores.customer_id,
        scores.score_model,
        scores.score,
        scores.period_end
    from scores
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
            and scores.period_end = score_models.period_end

),

customer_segments as (

    select
        {{- known_segments('customer_attributes') }}
        latest_scores.customer_id
    from latest_scores
    left join customer_attributes
        on
            latest_scores.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'latest_scores.period_end') }}

),

customers_in_segments as (

    {{ in_segments('customer_segments', attribute_cuts(), ['customer_id']) | indent(4) }}

),

scores_in_segments as (

    select
        customers_in_segments.segment_column,
        customers_in_segments.segment,
        latest_scores.customer_id,
        latest_scores.score_model,
        -- Scores that are equal, but were added up in another order, stay equal.
        round(latest_scores.score, 9) as score
    from customers_in_segments
    inner join latest_scores
        on customers_in_segments.customer_id = latest_scores.customer_id

),

score_ranks as (

    select
        customer_id,
        segment_column,
        segment,
        score_model,
        count(*) over (partition by segment_column, segment, score_model) as customers,
        rank() over (
            partition by segment_column, segment, score_model order by score asc
        ) - 1 as customers_below,
        rank() over (
            partition by segment_column, segment, score_model order by score desc
        ) - 1 as customers_above
    from scores_in_segments

),

-- All customers with a score at a boundary go outward. Where so many share it that they would be
-- both low and high, they go to the side with fewer beyond.
final as (

    select
        customer_id,
        segment_column,
        segment,
        score_model,
        case
            when 3 * customers_below < customers and 3 * customers_above < customers
                then
                    case
                        when customers_below < customers_above then 'low'
                        when customers_below > customers_above then 'high'
                    end
            when 3 * customers_below < customers then 'low'
            when 3 * customers_above < customers then 'high'
        end as third
    from score_ranks

)

select * from final
