with

score_models as (

    select * from {{ ref('config_engagement__score_models_rows') }}

),

score_overrides as (

    select * from {{ ref('config_engagement__score_overrides_rows') }}

),

score_model_names as (

    select {{ dbt.listagg('score_model', "', '", 'order by score_model') }} as accepted
    from (select distinct score_model from score_models) as listed

),

column_problems as (
    {{ customer_engagement.config_column_rules('score_overrides') }}
),

row_problems as (

    select
        'score_overrides' as seed,
        score_overrides.row_key,
        'score_model is "' || score_overrides.score_model || '", which is not in score_models; '
        || 'use one of: ' || coalesce(score_model_names.accepted, '(none)') as problem
    from score_overrides
    cross join score_model_names
    left join score_models
        on score_overrides.score_model = score_models.score_model
    where
        score_overrides.score_model is not null
        and score_models.score_model is null

    union all

    select
        'score_overrides' as seed,
        row_key,
        'valid_to is ' || valid_to_text || ', before valid_from ' || valid_from_text
        || '; it is the last day on which the override holds, so it must be valid_from or later'
            as problem
    from score_overrides
    where valid_to < valid_from

    union all

    select
        'score_overrides' as seed,
        score_overrides.row_key,
        'its days overlap those of the override of the same customer and score model from '
        || earlier.valid_from_text || ' to ' || earlier.valid_to_text
        || ', so that two scores would hold at once; let valid_to of the one lie before valid_from '
        || 'of the other, or keep one of them' as problem
    from score_overrides
    inner join score_overrides as earlier
        on
            score_overrides.customer_id = earlier.customer_id
            and score_overrides.score_model = earlier.score_model
            and score_overrides.valid_from > earlier.valid_from
            and score_overrides.valid_from <= earlier.valid_to

),

final as (

    select * from column_problems
    union all
    select * from row_problems

)

select * from final
