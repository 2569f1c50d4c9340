{%- set quoted_cuts = "'" ~ kpi_cuts() | join("', '") ~ "'" -%}
with kpi_sums as (

    select * from {{ ref('int_engagement__kpi_sums') }}

),

follow_up_sums as (

    select * from {{ ref('int_engagement__follow_up_sums') }}

),

segment_sums as (

    select * from {{ ref('int_engagement__segment_sums') }}
    where segment_column in ({{ quoted_cuts }})

),

kpi_facts as (

    select * from {{ ref('int_engagement__kpi_facts') }}

),

kpi_periods as (

    select * from {{ ref('int_engagement__kpi_periods') }}

),

metric_starts as (

    select * from {{ ref('int_engagement__metric_starts') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

-- More in the highest band is better, in the lowest worse; for the others neither can be said.
bands_with_place as (

    select
        band,
        band_rank = 1 as is_highest,
        band_rank = max(band_rank) over (partition by score_model, version) as is_lowest
    from score_bands

),

band_directions as (

    select
        'band_share:' || band as kpi,
        case
            when min(case when is_highest and not is_lowest then 1 else 0 end) = 1 then 'up'
            when min(case when is_lowest and not is_highest then 1 else 0 end) = 1 then 'down'
        end as direction
    from bands_with_place
    group by band

),

-- The versions that count: a difference between two of them is no change.
period_versions as (

    select
        period_end,
        {{ dbt.listagg("score_model || ' ' || version", "', '", 'order by score_model, version') }}
            as measured_by
    from segment_sums
    where segment_column = 'all' and counted_customers > 0
    group by period_end

),

score_sums as (

    select
        segment_column,
        segment,
        period_end,
        sum(counted_customers) as counted_customers,
        cast(sum(counted_score_sum) as double) as counted_score_sum,
        cast(sum(counted_good_customers) as double) as counted_good_customers
    from segment_sums
    group by
        segment_column,
        segment,
        period_end

),

sums_with_period as (

    select
        kpi_sums.kpi,
        kpi_periods.period_grain,
        kpi_sums.segment_column,
        kpi_sums.segment,
        kpi_periods.period_end,
        cast(kpi_sums.numerator as double) as numerator,
        kpi_sums.denominator,
        kpi_sums.customers,
        cast(null as double) as given_value
    from kpi_sums
    inner join kpi_periods
        on kpi_sums.period_end = kpi_periods.scored_period_end
    where
        {{ kpi_of_catalog('kpi_sums.kpi') }} in ({{ quoted_kpis('basis', 'state') }})

    union all

    select
        kpi_sums.kpi,
        kpi_sums.period_grain,
        kpi_sums.segment_column,
        kpi_sums.segment,
        kpi_sums.period_end,
        cast(kpi_sums.numerator as double) as numerator,
        kpi_sums.denominator,
        kpi_sums.customers,
        case when kpi_sums.kpi = 'revenue' then cast(kpi_sums.numerator as double) end
            as given_value
    from kpi_sums
    cross join metric_starts
    where
        kpi_sums.kpi in ({{ quoted_kpis('basis', 'flow') }})
        -- Money is 0 for all customers only once the company records any.
        and (
            kpi_sums.kpi not in ('revenue', 'revenue_per_customer')
            or metric_starts.amounts_from <= kpi_sums.period_end
        )

    union all

    select * from follow_up_sums
    {%- for kpi, facts in kpis_of_sums('scores').items() %}

    union all

    select
        '{{ kpi }}' as kpi,
        kpi_periods.period_grain,
        score_sums.segment_column,
        score_sums.segment,
        kpi_periods.period_end,
        score_sums.{{ facts.numerator }} as numerator,
        score_sums.{{ facts.denominator }} as denominator,
        score_sums.{{ facts.customers }} as customers,
        cast(null as double) as given_value
    from score_sums
    inner join kpi_periods
        on score_sums.period_end = kpi_periods.scored_period_end
    where score_sums.{{ facts.denominator }} > 0
    {%- endfor %}

),

final as (

    select
        -- ids
        sums.kpi,
        kpi_facts.catalog_kpi,
        sums.period_grain,
        sums.segment_column,
        sums.segment,
        sums.period_end,
        kpi_periods.period_number,
        kpi_periods.scored_period_end,
        kpi_periods.is_partial,

        -- value
        sums.numerator,
        sums.denominator,
        case
            when kpi_facts.multiplier is null then sums.given_value
            else kpi_facts.multiplier * sums.numerator / sums.denominator
        end as value,
        -- `all` is no segment.
        sums.segment_column != 'all' and sums.customers < {{ min_segment_size() }}
            as is_suppressed,

        -- how to compare it
        kpi_facts.unit,
        kpi_facts.point,
        kpi_facts.near_points,
        kpi_facts.near_share,
        case
            when kpi_facts.catalog_kpi = 'band_share' then band_directions.direction
            else kpi_facts.direction
        end as direction,
        -- A part of a period cannot be compared with a whole one where its length matters.
        kpi_periods.is_partial and kpi_facts.is_by_grain as is_incomparable,
        case
            when kpi_facts.catalog_kpi in ('mean_score', 'share_good', 'band_share')
                then period_versions.measured_by
            else 'all'
        end as measured_by
    from sums_with_period as sums
    inner join kpi_facts
        on {{ kpi_of_catalog('sums.kpi') }} = kpi_facts.catalog_kpi
    inner join kpi_periods
        on
            sums.period_grain = kpi_periods.period_grain
            and sums.period_end = kpi_periods.period_end
    left join band_directions
        on sums.kpi = band_directions.kpi
    left join period_versions
        on kpi_periods.scored_period_end = period_versions.period_end

)

select * from final
