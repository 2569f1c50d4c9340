{{ customer_engagement.config_seed_rows('survey_types') }}
