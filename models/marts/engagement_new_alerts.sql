{{ config(materialized='view') }}
with alerts as (

    select * from {{ ref('engagement_alerts') }}

),

new_alerts as (

    select * from {{ ref('int_new_alerts') }}

)

select alerts.*
from alerts
inner join new_alerts
    on alerts.alert_id = new_alerts.alert_id
