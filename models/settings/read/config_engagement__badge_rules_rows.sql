{{ customer_engagement.config_seed_rows('badge_rules') }}
