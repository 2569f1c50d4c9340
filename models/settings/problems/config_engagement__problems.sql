-- The gate: everything that scores depends on this table, and its post-hook stops the run with the
-- list when there is a row.
{{ config(
    materialized='table',
    access='protected',
    post_hook=after_commit('{{ customer_engagement.raise_config_problems() }}'),
) }}
{{ customer_engagement.depends_on('config_engagement__python_packages') }}
{%- set seeds = customer_engagement.config_seed_specs().keys() | list %}
{%- do customer_engagement.check_seed_columns(seeds) %}

with

problems as (
    {% for checked in seeds + ['published'] %}
    select * from {{ ref('config_engagement__' ~ checked ~ '_problems') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    -- A row that is in a seed twice shows each of its problems once.
    select distinct
        seed,
        row_key,
        problem
    from problems

)

select * from final
