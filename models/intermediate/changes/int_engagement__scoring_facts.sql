{%- set starts = [
    'durations_from', 'social_from', 'advocacy_from', 'conversions_from', 'orders_from',
    'amounts_from',
] -%}
{%- set null_id = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
with activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

{% if not is_suggesting() -%}
score_models as (

    select * from {{ ref('config_engagement__score_models') }}
    where is_scored

),

version_settings as (

    select * from {{ ref('config_engagement__version_settings') }}

),

{% endif -%}
metric_starts as (

    select * from {{ ref('int_engagement__metric_starts') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where reject_reason is null and copy_number = 1

),

comment_sentiment as (

    select * from {{ ref('int_engagement__comment_sentiment') }}

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

score_overrides as (

    select * from {{ ref('int_engagement__score_overrides') }}

),

attribute_history as (

    select count(valid_from) > 0 as has_history
    from customer_attributes

),

facts as (

    select
        {{ null_id }} as customer_id,
        'settings' as fact,
        cast(null as date) as holds_from,
        {{ fingerprint([text_literal(scoring_settings())]) }} as fingerprint

    union all

    select
        {{ null_id }} as customer_id,
        'activity type' as fact,
        cast(null as date) as holds_from,
        {{ fingerprint([
            'activity_type', 'touchpoint', 'role', 'exposed_by', 'value_basis',
        ]) }} as fingerprint
    from activity_types

    {% if not is_suggesting() -%}
    union all

    -- A version that follows changes nothing before it begins.
    select
        {{ null_id }} as customer_id,
        'version' as fact,
        score_models.valid_from as holds_from,
        {{ fingerprint([
            'score_models.score_model', 'score_models.version', 'score_models.status',
            'version_settings.seed', 'version_settings.setting', 'version_settings.settings',
        ]) }} as fingerprint
    from score_models
    inner join version_settings
        on
            score_models.score_model = version_settings.score_model
            and score_models.version = version_settings.version
    {% endif -%}
    {% for start in starts %}
    union all

    select
        {{ null_id }} as customer_id,
        '{{ start }}' as fact,
        {{ start }} as holds_from,
        {{ fingerprint([start]) }} as fingerprint
    from metric_starts
    where {{ start }} is not null
    {% endfor %}
    union all

    select
        {{ null_id }} as customer_id,
        'period' as fact,
        period_start as holds_from,
        {{ fingerprint([
            'period_index', 'period_start', 'period_end', 'data_first_day', 'is_partial', 'is_scored',
        ]) }} as fingerprint
    from periods

    union all

    select
        {{ null_id }} as customer_id,
        'detailed period' as fact,
        period_start as holds_from,
        {{ fingerprint(['period_end']) }} as fingerprint
    from periods
    where is_detailed

    union all

    select
        {{ null_id }} as customer_id,
        'dated attributes' as fact,
        cast(null as date) as holds_from,
        {{ fingerprint(['has_history']) }} as fingerprint
    from attribute_history

    union all

    select
        customer_id,
        'attributes' as fact,
        valid_from as holds_from,
        {{ fingerprint(['account_id'] + quoted_segment_columns()) }} as fingerprint
    from customer_attributes

    union all

    select
        customer_id,
        'sign-up' as fact,
        signed_up_on as holds_from,
        {{ fingerprint(['signed_up_on']) }} as fingerprint
    from customer_attributes
    where signed_up_on is not null

    union all

    select
        survey_responses.customer_id,
        'answer' as fact,
        survey_responses.responded_on as holds_from,
        {{ fingerprint([
            'survey_responses.response_id', 'survey_responses.metric', 'survey_responses.rating',
            'survey_responses.scale_min', 'survey_responses.scale_max',
            'survey_responses.valid_days', 'survey_responses.responded_at',
            'comment_sentiment.polarity',
        ]) }} as fingerprint
    from survey_responses
    left join comment_sentiment
        on survey_responses.comment_hash = comment_sentiment.comment_hash

    union all

    select
        customer_id,
        'override' as fact,
        period_end as holds_from,
        {{ fingerprint(['score_model', 'period_end', 'override_score']) }} as fingerprint
    from score_overrides

)

select
    customer_id,
    fact,
    holds_from,
    cast(count(*) as {{ dbt.type_bigint() }}) as facts,
    {{ fingerprint_sum('fingerprint') }} as fingerprint
from facts
group by
    customer_id,
    fact,
    holds_from
