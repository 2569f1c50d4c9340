{{ customer_engagement.config_seed_rows('kpi_targets') }}
