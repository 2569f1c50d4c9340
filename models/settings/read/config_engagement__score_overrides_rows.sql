{{ customer_engagement.config_seed_rows('score_overrides') }}
