with

score_models as (

    {{ customer_engagement.config_seed_rows('score_models') }}

),

-- A challenger runs beside the others and neither ends nor follows a version.
score_models_with_order as (

    select
        *,
        coalesce(
            status in ('champion', 'retired')
            and (valid_from is not null or valid_from_text is null),
            false
        ) as is_in_order
    from score_models

),

final as (

    select
        *,
        case when is_in_order then first_value(version) over by_validity end as last_version,
        case when is_in_order then first_value(status) over by_validity end as last_status
    from score_models_with_order
    window
        by_validity as (
            partition by score_model, is_in_order
            order by valid_from desc nulls last
        )

)

select * from final
