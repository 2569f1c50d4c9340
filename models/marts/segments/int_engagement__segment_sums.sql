{{ built_by_period() }}
{%- set cuts = segment_cuts() -%}
{%- set cell_columns = quoted_segment_columns() + derived_segment_columns() -%}
with scores as (

    select * from {{ ref('engagement_scores') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end') }}
    {%- endif %}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored and status != 'challenger'

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

customer_metrics as (

    select
        customer_id,
        window_periods,
        period_end,
        engaged_interactions
    from {{ ref('int_engagement__customer_metrics') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end') }}
    {%- endif %}

),

customer_states as (

    select * from {{ ref('int_engagement__customer_states') }}
    {%- if is_incremental() %}
    where {{ is_rescored_period('period_end') }}
    {%- endif %}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

customers as (

    select
        scores.score_model,
        scores.version,
        scores.period_end,
        scores.is_partial_period,
        scores.is_champion,
        scores.score,
        {%- for column in quoted_segment_columns() %}
        coalesce(customer_attributes.{{ column }}, '(unknown)') as {{ column }},
        {%- endfor %}
        coalesce(scores.band, '(unknown)') as band,
        customer_states.purchase_segment,
        customer_states.lifecycle_stage,
        coalesce(customer_states.satisfaction_quadrant, '(unknown)') as satisfaction_quadrant,
        customer_states.satisfaction,
        customer_states.is_active_in_period,
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
    inner join customer_states
        on
            scores.customer_id = customer_states.customer_id
            and scores.period_end = customer_states.period_end
    left join customer_attributes
        on
            scores.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'scores.period_end') }}

),

-- Customers are added up once, into the cells of all columns; segments are sums of few cells.
cells as (

    select
        score_model,
        version,
        period_end,
        is_partial_period,
        {{ cell_columns | join(',\n        ') }},
        count(*) as customers,
        count(score) as scored_customers,
        sum(cast(score as decimal(38, 16))) as score_sum,
        {{ exact_square_sum('score') }} as score_square_sum,
        sum(case when score > 70 then 1 else 0 end) as good_customers,
        count(case when is_champion then score end) as counted_customers,
        sum(cast(case when is_champion then score end as decimal(38, 16))) as counted_score_sum,
        sum(case when is_champion and score > 70 then 1 else 0 end) as counted_good_customers,
        sum(case when is_active_in_period then 1 else 0 end) as active_customers,
        sum(engaged_interactions) as engaged_interactions,
        count(satisfaction) as answered_customers,
        sum(cast(satisfaction as decimal(38, 16))) as satisfaction_sum
    from customers
    group by
        score_model,
        version,
        period_end,
        is_partial_period,
        {{ cell_columns | join(',\n        ') }}

),

segmented_cells as (

    {% for segment_column, columns in cuts.items() -%}
    select
        '{{ segment_column }}' as segment_column,
        {{ segment_of_cut('cells', columns) }} as segment,
        cells.*
    from cells
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- A median does not add up.
segmented_scores as (

    {% for segment_column, columns in cuts.items() -%}
    select
        '{{ segment_column }}' as segment_column,
        {{ segment_of_cut('customers', columns) }} as segment,
        customers.score_model,
        customers.version,
        customers.period_end,
        customers.score
    from customers
    where customers.score is not null
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

medians as (

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        percentile_cont(0.5) within group (order by score) as median_score
    from segmented_scores
    group by
        segment_column,
        segment,
        score_model,
        version,
        period_end

),

summed as (

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        is_partial_period,
        cast(sum(customers) as {{ dbt.type_bigint() }}) as customers,
        cast(sum(scored_customers) as {{ dbt.type_bigint() }}) as scored_customers,
        cast(sum(score_sum) as decimal(38, 16)) as score_sum,
        cast(
            case
                when count(score_square_sum) = sum(case when scored_customers > 0 then 1 else 0 end)
                    then sum(score_square_sum)
            end
            as decimal(38, 10)
        ) as score_square_sum,
        cast(sum(good_customers) as {{ dbt.type_bigint() }}) as good_customers,
        cast(sum(counted_customers) as {{ dbt.type_bigint() }}) as counted_customers,
        cast(sum(counted_score_sum) as decimal(38, 16)) as counted_score_sum,
        cast(sum(counted_good_customers) as {{ dbt.type_bigint() }}) as counted_good_customers,
        cast(sum(active_customers) as {{ dbt.type_bigint() }}) as active_customers,
        cast(sum(engaged_interactions) as {{ dbt.type_bigint() }}) as engaged_interactions,
        cast(sum(answered_customers) as {{ dbt.type_bigint() }}) as answered_customers,
        cast(sum(satisfaction_sum) as decimal(38, 16)) as satisfaction_sum
    from segmented_cells
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
        sum(scored_customers) as customers
    from segmented_cells
    group by
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        band

),

-- Every band of the model has a count, 0 included.
band_counts as (

    select
        customers_by_band.segment_column,
        customers_by_band.segment,
        customers_by_band.score_model,
        customers_by_band.version,
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
        sum(customers_by_band.customers) as scored_customers
    from customers_by_band
    inner join score_bands
        on
            customers_by_band.score_model = score_bands.score_model
            and customers_by_band.version = score_bands.version
    group by
        customers_by_band.segment_column,
        customers_by_band.segment,
        customers_by_band.score_model,
        customers_by_band.version,
        customers_by_band.period_end,
        score_bands.band,
        score_bands.band_rank

),

bands as (

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        cast(sum(case when band_rank = 1 then customers else 0 end) as {{ dbt.type_bigint() }})
            as top_band_customers,
        cast(
            sum(case when band_rank = last_band_rank then customers else 0 end)
            as {{ dbt.type_bigint() }}
        ) as bottom_band_customers,
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
        version,
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
        summed.score_sum,
        summed.score_square_sum,
        medians.median_score,
        summed.good_customers,
        bands.top_band_customers,
        bands.bottom_band_customers,
        bands.band_shares,

        -- score that counts
        summed.counted_customers,
        summed.counted_score_sum,
        summed.counted_good_customers,

        -- activity and satisfaction
        summed.active_customers,
        summed.engaged_interactions,
        summed.answered_customers,
        summed.satisfaction_sum,

        -- how to read it
        summed.is_partial_period
    from summed
    left join medians
        on
            summed.segment_column = medians.segment_column
            and summed.segment = medians.segment
            and summed.score_model = medians.score_model
            and summed.version = medians.version
            and summed.period_end = medians.period_end
    left join bands
        on
            summed.segment_column = bands.segment_column
            and summed.segment = bands.segment
            and summed.score_model = bands.score_model
            and summed.version = bands.version
            and summed.period_end = bands.period_end

)

select * from final
