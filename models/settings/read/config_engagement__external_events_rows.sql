{{ customer_engagement.config_seed_rows('external_events') }}
