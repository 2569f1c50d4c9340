-- depends_on: {{ ref('config_engagement__problems') }}
select * from {{ ref('config_engagement__version_settings_rows') }}
