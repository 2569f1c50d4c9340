{{ built_by_period() }}
{%- set cuts = segment_cuts() -%}
{%- set score_columns = ['score_model', 'version', 'period_end', 'score'] -%}
{%- set cell_columns = quoted_segment_columns() + derived_segment_columns() -%}
with members as (

    select * from {{ ref('int_engagement__segment_members') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

-- Members are added up once, into the cells of all columns; segments are sums of few cells.
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
        sum(case when score > {{ good_score() }} then 1 else 0 end) as good_customers,
        count(case when is_champion then score end) as counted_customers,
        sum(cast(case when is_champion then score end as decimal(38, 16))) as counted_score_sum,
        sum(case when is_champion and score > {{ good_score() }} then 1 else 0 end)
            as counted_good_customers,
        sum(case when is_active_in_period then 1 else 0 end) as active_customers,
        sum(engaged_interactions) as engaged_interactions,
        count(satisfaction) as answered_customers,
        sum(cast(satisfaction as decimal(38, 16))) as satisfaction_sum
    from members
    group by
        score_model,
        version,
        period_end,
        is_partial_period,
        {{ cell_columns | join(',\n        ') }}

),

cells_in_segments as (

    {{ in_segments('cells', cuts) | indent(4) }}

),

-- A median does not add up.
scores_in_segments as (

    {{ in_segments('members', cuts, score_columns) | indent(4) }}

),

medians_by_segment as (

    select
        segment_column,
        segment,
        score_model,
        version,
        period_end,
        percentile_cont(0.5) within group (order by score) as median_score
    from scores_in_segments
    where score is not null
    group by segment_column, segment, score_model, version, period_end

),

sums_by_segment as (

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
    from cells_in_segments
    group by segment_column, segment, score_model, version, period_end, is_partial_period

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
    from cells_in_segments
    group by segment_column, segment, score_model, version, period_end, band

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

bands_by_segment as (

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
    group by segment_column, segment, score_model, version, period_end

),

final as (

    select
        sums_by_segment.*,
        medians_by_segment.median_score,
        bands_by_segment.top_band_customers,
        bands_by_segment.bottom_band_customers,
        bands_by_segment.band_shares
    from sums_by_segment
    left join medians_by_segment
        on
            sums_by_segment.segment_column = medians_by_segment.segment_column
            and sums_by_segment.segment = medians_by_segment.segment
            and sums_by_segment.score_model = medians_by_segment.score_model
            and sums_by_segment.version = medians_by_segment.version
            and sums_by_segment.period_end = medians_by_segment.period_end
    left join bands_by_segment
        on
            sums_by_segment.segment_column = bands_by_segment.segment_column
            and sums_by_segment.segment = bands_by_segment.segment
            and sums_by_segment.score_model = bands_by_segment.score_model
            and sums_by_segment.version = bands_by_segment.version
            and sums_by_segment.period_end = bands_by_segment.period_end

)

select * from final
