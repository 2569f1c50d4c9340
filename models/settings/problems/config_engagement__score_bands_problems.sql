with

score_bands as (

    select * from {{ ref('config_engagement__score_bands_rows') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models_rows') }}

),

formulas as (

    select
        score_model,
        version,
        min(formula) as formula
    from score_models
    group by score_model, version

),

bands_in_order as (

    select
        score_bands.*,
        formulas.formula,
        row_number() over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as position_from_below,
        lag(score_bands.lower_bound) over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as bound_below,
        lag(score_bands.settle_margin) over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as margin_below,
        lag(score_bands.band) over (
            partition by score_bands.score_model, score_bands.version
            order by score_bands.lower_bound
        ) as band_below
    from score_bands
    inner join formulas
        on
            score_bands.score_model = formulas.score_model
            and score_bands.version = formulas.version
    where score_bands.lower_bound is not null

),

column_problems as (
    {{ customer_engagement.config_column_rules('score_bands') }}
),

row_problems as (

    select
        'score_bands' as seed,
        row_key,
        'lower_bound is ' || lower_bound_text || ', but it is the lowest band of its model '
        || 'version; the lowest must start at 0, so that every score has a band' as problem
    from bands_in_order
    where
        position_from_below = 1
        and lower_bound > 0

    union all

    select
        'score_bands' as seed,
        row_key,
        'lower_bound is ' || lower_bound_text || '; an index runs from 0 to 100, and so must its '
        || 'bounds' as problem
    from bands_in_order
    where
        formula = 'index'
        and (lower_bound < 0 or lower_bound > 100)

    union all

    select
        'score_bands' as seed,
        row_key,
        'lower_bound is ' || lower_bound_text || ', as in band "' || band_below
        || '": the two bands overlap; give each band of a model version its own lower_bound'
            as problem
    from bands_in_order
    where lower_bound = bound_below

    union all

    -- The lowest band has no switch. The others are entered at bound + margin, left under
    -- bound - margin; the intervals must lie apart, or settled_band could skip or reverse.
    select
        'score_bands' as seed,
        row_key,
        'lower_bound ' || lower_bound_text || ' minus settle_margin '
        || cast(settle_margin as {{ dbt.type_string() }})
        || ' is not above the bound of band "' || band_below || '" plus its margin ('
        || cast(bound_below as {{ dbt.type_string() }}) || ' + '
        || cast(margin_below as {{ dbt.type_string() }})
        || '), so the two switch points cross; use smaller margins, or bounds further apart'
            as problem
    from bands_in_order
    where
        lower_bound > bound_below
        and lower_bound - settle_margin
        <= bound_below + case when position_from_below = 2 then 0 else margin_below end

    union all

    select
        'score_bands' as seed,
        row_key,
        'lower_bound ' || lower_bound_text || ' plus settle_margin '
        || cast(settle_margin as {{ dbt.type_string() }})
        || ' is over 100, which no score reaches: nobody would ever settle in this band; use a '
        || 'smaller margin' as problem
    from bands_in_order
    where
        formula = 'index'
        and position_from_below > 1
        and lower_bound <= 100
        and lower_bound + settle_margin > 100

),

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
