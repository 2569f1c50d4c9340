-- depends_on: {{ ref('config_engagement__problems') }}
select
    score_model,
    version,
    seed,
    setting,
    settings
from {{ ref('config_engagement__version_settings_rows') }}
