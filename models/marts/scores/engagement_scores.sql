{{ config(grants=marts_grants()) }}
{{ built_by_customer_and_period('rescored') }}
{#- The log of restatements compares the stored scores with the new ones, and is built before it. -#}
{{ depends_on('engagement_restatements') }}
{%- set switches = range(1, band_switches() + 1) -%}
with scores as (

    select * from {{ ref('scoring_engagement__scores') }}
    where step = 'now'

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

score_bands as (

    select
        *,
        row_number() over (partition by score_model, version order by lower_bound) - 1 as level
    from {{ ref('config_engagement__score_bands') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

customer_segments as (

    select * from {{ ref('int_engagement__customer_segments') }}

),

{% if is_incremental() -%}
rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

-- Where the switches stood before the first period that is computed again.
standing as (

    select
        stored.customer_id,
        stored.score_model,
        stored.version,
        max_by(stored.settled_band, stored.period_end) as settled_band
    from {{ this }} as stored
    inner join rescored_customers
        on
            stored.customer_id = rescored_customers.customer_id
            and stored.period_end < rescored_customers.rescored_from
    group by
        stored.customer_id,
        stored.score_model,
        stored.version

),

{% endif -%}
bounds as (

    select
        score_model,
        version,
        {%- for level in switches %}
        max(case when level = {{ level }} then band end) as band_{{ level }},
        max(case when level = {{ level }} then lower_bound end) as bound_{{ level }},
        max(case when level = {{ level }} then settle_margin end) as margin_{{ level }},
        {%- endfor %}
        max(case when level = 0 then band end) as band_0
    from score_bands
    group by
        score_model,
        version

),

applicable as (

    {{ applicable_scores() }}

),

numbered as (

    select
        applicable.*,
        periods.is_partial,
        {%- if is_incremental() %}
        score_bands.level as standing_level,
        count(applicable.score) over so_far
        + case when standing.settled_band is null then 0 else 1 end as scores_so_far
    from applicable
    inner join periods
        on applicable.period_end = periods.period_end
    left join standing
        on
            applicable.customer_id = standing.customer_id
            and applicable.score_model = standing.score_model
            and applicable.version = standing.version
    left join score_bands
        on
            standing.score_model = score_bands.score_model
            and standing.version = score_bands.version
            and standing.settled_band = score_bands.band
        {%- else %}
        cast(null as {{ dbt.type_int() }}) as standing_level,
        count(applicable.score) over so_far as scores_so_far
    from applicable
    inner join periods
        on applicable.period_end = periods.period_end
        {%- endif %}
    window so_far as (
        partition by applicable.customer_id, applicable.score_model, applicable.version
        order by applicable.period_index
        rows between unbounded preceding and current row
    )

),

-- Each bound is a switch: on well above it, off well below, in between as it was. It starts on the
-- side on which the first score is; a period without a score decides nothing.
scores_with_switches as (

    select
        numbered.*,
        {%- for level in switches %}
        bounds.band_{{ level }},
        bounds.bound_{{ level }},
        case
            when numbered.score is null then null
            when numbered.scores_so_far = 1 then numbered.score >= bounds.bound_{{ level }}
            when numbered.score >= bounds.bound_{{ level }} + bounds.margin_{{ level }} then true
            when numbered.score < bounds.bound_{{ level }} - bounds.margin_{{ level }} then false
        end as is_above_{{ level }},
        {%- endfor %}
        bounds.band_0
    from numbered
    left join bounds
        on
            numbered.score_model = bounds.score_model
            and numbered.version = bounds.version

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
        override_score is not null as is_overridden,
        band,
        case
            {%- for level in switches | reverse %}
            when
                coalesce(
                    last_value(is_above_{{ level }} ignore nulls) over so_far,
                    standing_level >= {{ level }}
                )
                then band_{{ level }}
            {%- endfor %}
            when scores_so_far > 0 then band_0
        end as settled_band,
        {% for level in switches -%}
        coalesce(score < bound_{{ level }} and round(score, 1) >= bound_{{ level }}, false)
        {%- if not loop.last %}
        or {% endif %}
        {%- else -%}
        false
        {%- endfor %} as is_just_below_bound,
        status,
        coverage,
        cast(exposed_days as {{ dbt.type_int() }}) as exposed_days,
        is_partial as is_partial_period
    from scores_with_switches
    window so_far as (
        partition by customer_id, score_model, version
        order by period_index
        rows between unbounded preceding and current row
    )

)

select * from final
