{#- Looked up by name: engagement_alerts appends the new alerts, and a ref() would be a cycle. -#}
{%- set published = stored_relation('engagement_alerts') -%}
{{ depends_on('int_engagement__excluded_customers', 'int_engagement__alert_conditions') }}
{%- if published is not none -%}
with excluded_customers as (

    select * from {{ ref('int_engagement__excluded_customers') }}

),

published_alerts as (

    select * from {{ published }}
    where company = '{{ published_company() }}'

),

final as (

    select *
    from published_alerts
    where
        customer_id is null
        or customer_id not in (select excluded_customers.id from excluded_customers)

)
{%- else -%}
with conditions as (

    select * from {{ ref('int_engagement__alert_conditions') }}

),

-- Without a table of the last run, no rows.
final as (

    select
        '{{ published_company() }}' as company,
        kind,
        subject_type,
        subject,
        period_end,
        '' as alert_id,
        '' as owner,
        0 as load_number,
        0 as alert_rank
    from conditions
    where false

)
{%- endif %}

select * from final  -- noqa: AM04
