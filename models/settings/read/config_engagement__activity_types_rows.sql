{{ customer_engagement.config_seed_rows('activity_types') }}
