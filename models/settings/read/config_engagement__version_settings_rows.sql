{%- set specs = customer_engagement.config_seed_specs() -%}
with
{% for seed, spec in specs.items() if 'settings' in spec %}
{{ seed }} as (

    select * from {{ ref('config_engagement__' ~ seed ~ '_rows') }}

),
{% endfor %}
final as (
    {% for seed, spec in specs.items() if 'settings' in spec %}
    select
        score_model,
        version,
        '{{ seed }}' as seed,
        {{ customer_engagement.config_row_text(spec['key'][2:]) or "'(version)'" }} as setting,
        {{ customer_engagement.settings_text(spec) }} as settings
    from {{ seed }}
    where score_model is not null and version is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
