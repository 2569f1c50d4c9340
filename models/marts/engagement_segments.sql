{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=[
        '{{ require_everything() }}',
        '{{ delete_rescored_periods() }}',
        '{{ delete_other_periods() }}',
    ],
) }}
{{ depends_on('int_changed_days', 'int_rescored_customers', 'int_scoring_periods') }}
with scores as (

    select * from {{ ref('engagement_scores') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end') }}
    {%- endif %}

),

score_models as (

    select * from {{ ref('config_score_models') }}
    where is_scored and status != 'challenger'

),

score_bands as (

    select * from {{ ref('config_score_bands') }}

),

customer_metrics as (

    select
        customer_id,
        window_periods,
        period_end,
        engaged_interactions
    from {{ ref('int_customer_metrics') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end') }}
    {%- endif %}

),

customer_attributes as (

    select * from {{ ref('int_customer_attributes') }}

),

customer_segments as (

    select * from {{ ref('int_customer_segments') }}

),

-- Whether attributes have a history: without one, today's stand for every period.
attribute_history as (

    select case when count(valid_from) > 0 then 'period_end' else 'today' end as attributes_as_of
    from customer_attributes

),

customers as (

    select
        scores.customer_id,
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.is_partial_period,
        scores.score,
        scores.band,
        customer_metrics.engaged_interactions
    from scores
    inner join score_models
        on
            scores.score_model = score_models.score_model
            and scores.version = score_models.version
    inner join customer_metrics
        on
            scores.customer_id = customer_metrics.customer_id
            and scores.period_end = customer_metrics.period_end
            and score_models.window_periods = customer_metrics.window_periods

),

segmented as (

    select
        'all' as segment_column,
        'all' as segment,
        customers.*
    from customers
    {% for column in segment_columns() %}
    union all

    select
        '{{ column }}' as segment_column,
        coalesce(customer_segments.segment, '(unknown)') as segment,
        customers.*
    from customers
    left join customer_segments
        on
            customers.customer_id = customer_segments.customer_id
            and customer_segments.segment_column = '{{ column }}'
            and {{ is_in_force('customer_segments', 'customers.period_end') }}
    {% endfor %}

),

summed as (

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        is_partial_period,
        count(*) as customers,
        count(score) as scored_customers,
        {{ exact_sum('score') }} / nullif(count(score), 0) as mean_score,
        percentile_cont(0.5) within group (order by score) as median_score,
        cast(sum(engaged_interactions) as double) / count(*) as activities_per_customer
    from segmented
    group by
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        is_partial_period

),

customers_by_band as (

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        band,
        count(*) as customers,
        count(score) as scored_customers
    from segmented
    group by
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        band

),

-- Every band of the model has a share, 0 included.
band_counts as (

    select
        customers_by_band.segment_column,
        customers_by_band.segment,
        customers_by_band.score_model,
        customers_by_band.period_end,
        score_bands.band,
        score_bands.band_rank,
        max(score_bands.band_rank) over (
            partition by
                customers_by_band.segment_column,
                customers_by_band.segment,
                customers_by_band.score_model,
                customers_by_band.period_end
        ) as last_band_rank,
        sum(
            case
                when customers_by_band.band = score_bands.band
                    then customers_by_band.customers
                else 0
            end
        ) as customers,
        sum(customers_by_band.scored_customers) as scored_customers
    from customers_by_band
    inner join score_bands
        on
            customers_by_band.score_model = score_bands.score_model
            and customers_by_band.version = score_bands.version
    group by
        customers_by_band.segment_column,
        customers_by_band.segment,
        customers_by_band.score_model,
        customers_by_band.period_end,
        score_bands.band,
        score_bands.band_rank

),

band_shares as (

    select
        segment_column,
        segment,
        score_model,
        period_end,
        max(case when band_rank = 1 then cast(customers as double) / scored_customers end)
            as top_band_share,
        max(
            case
                when band_rank = last_band_rank then cast(customers as double) / scored_customers
            end
        ) as bottom_band_share,
        {{ dbt.concat([
            "'{'",
            dbt.listagg(
                dbt.concat([
                    "'\"'", "band", "'\": '",
                    "cast(round(cast(customers as double) / scored_customers, 6) as "
                    ~ dbt.type_string() ~ ")",
                ]),
                "', '", "order by band_rank"
            ),
            "'}'",
        ]) }} as band_shares
    from band_counts
    where scored_customers > 0
    group by
        segment_column,
        segment,
        score_model,
        period_end

),

final as (

    select
        -- ids
        summed.segment_column,
        summed.segment,
        summed.score_model,
        summed.version,
        summed.period_end,

        -- size
        summed.customers,
        summed.scored_customers,

        -- score
        summed.mean_score,
        summed.median_score,
        band_shares.top_band_share,
        band_shares.bottom_band_share,
        band_shares.band_shares,

        -- activity
        summed.activities_per_customer,

        -- how to read it
        summed.is_partial_period,
        attribute_history.attributes_as_of
    from summed
    left join band_shares
        on
            summed.segment_column = band_shares.segment_column
            and summed.segment = band_shares.segment
            and summed.score_model = band_shares.score_model
            and summed.period_end = band_shares.period_end
    cross join attribute_history

)

select * from final
