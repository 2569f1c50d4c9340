-- depends_on: {{ ref('config_engagement__problems') }}
with
{% for seed, spec in customer_engagement.config_seed_specs().items() if 'settings' in spec %}
{{ seed }} as (

    {{ customer_engagement.config_seed_rows(seed) }}

),
{% endfor %}
final as (

    {{ customer_engagement.version_settings() }}

)

select * from final
