{#- The run's end writes it (macro settle), once everything that a change concerns is built. -#}
{{ config(materialized='incremental') }}
select
    cast(null as {{ dbt.type_string() }}) as customer_id,
    cast(null as {{ dbt.type_string() }}) as fact,
    cast(null as date) as holds_from,
    cast(null as {{ dbt.type_bigint() }}) as facts,
    cast(null as {{ type_fingerprint_sum() }}) as fingerprint
where false
