{{ config(pre_hook="{{ customer_engagement.raise_missing_comment_reader() }}") }}
{{ depends_on('config_engagement__python_packages', 'stg_engagement__survey_responses') }}
with interactions as (

    select * from {{ ref('int_engagement__interactions_judged') }}

)

select
    input_entry,
    occurred_on,
    customer_bucket,
    reject_reason,
    cast(count(*) as {{ dbt.type_bigint() }}) as interactions,
    {{ fingerprint_sum('fingerprint') }} as fingerprint
from interactions
group by
    input_entry,
    occurred_on,
    customer_bucket,
    reject_reason
