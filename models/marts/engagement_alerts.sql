-- Appended to and never rebuilt: it alone knows what was told. An alert that later data would not
-- raise stays.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    post_hook="{{ customer_engagement.forget_excluded_customers(this) }}",
) }}
{{ depends_on('int_excluded_customers', 'int_identity_map') }}
with new_alerts as (

    select * from {{ ref('int_new_alerts') }}

)

select
    {%- for column in alert_columns() %}
    {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from new_alerts
{%- if is_incremental() %}
where alert_id not in (select alert_id from {{ this }})
{%- endif %}
