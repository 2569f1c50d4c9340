{#- The run's end writes it (macro settle), once everything is built and accepted. -#}
{{ config(materialized='incremental', full_refresh=false) }}
select
    cast(null as {{ dbt.type_string() }}) as input,
    cast(null as {{ dbt.type_string() }}) as input_entry,
    cast(null as {{ dbt.type_string() }}) as column_name,
    cast(null as date) as occurred_on,
    cast(null as {{ dbt.type_bigint() }}) as input_rows
where false
