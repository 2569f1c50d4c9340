select
    cast(null as {{ dbt.type_string() }}) as customer_id,
    cast(null as {{ dbt.type_string() }}) as score_model,
    cast(null as {{ dbt.type_string() }}) as version,
    cast(null as date) as period_end,
    cast(null as {{ dbt.type_int() }}) as load_number,
    cast(null as {{ dbt.type_int() }}) as customers,
    cast(null as double) as published_score,
    cast(null as double) as previous_score,
    cast(null as double) as restated_score
where false
