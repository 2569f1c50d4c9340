{%- set company = published_company() -%}
{%- set published = stored_relation('engagement_alerts') -%}
{%- set last_new_alerts = stored_relation('int_engagement__new_alerts') -%}
{%- set owner_column = var('owner_column', none) -%}
with candidates as (

    select * from {{ ref('int_engagement__alert_candidates') }}

),

causes as (

    select * from {{ ref('int_engagement__alert_causes') }}

),

alert_kinds as (

    select * from {{ ref('int_engagement__alert_kinds') }}

),

published_alerts as (

    select * from {{ ref('int_engagement__published_alerts') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

score_bands as (

    select
        *,
        max(band_rank) over (partition by score_model, version) as last_band_rank
    from {{ ref('config_engagement__score_bands') }}

),

customer_segments as (

    select * from {{ ref('int_engagement__customer_segments') }}
    where segment_column = '{{ owner_column }}'

),

next_load as (

    {% if published is not none -%}
    select coalesce(max(load_number), 0) + 1 as load_number
    from {{ published }}
    {%- else -%}
    select 1 as load_number
    {%- endif %}

),

latest_period as (

    select max(period_end) as period_end
    from periods
    where is_scored and not is_partial

),

candidates_with_engagement as (

    select
        candidates.*,
        causes.component,
        case
            when
                {{ 'false' if owner_column is none else "candidates.subject_type = 'customer'" }}
                then coalesce(customer_segments.segment, '(unknown)')
            else 'all'
        end as owner,
        bands.action as band_action,
        last_bands.action as lowest_band_action,
        coalesce(
            {{ is_engaged_score('bands', 'candidates.score') }} or previous_bands.is_engaged,
            false
        ) as is_engaged
    from candidates
    left join score_bands as bands
        on
            candidates.score_model = bands.score_model
            and candidates.version = bands.version
            and candidates.band = bands.band
    left join score_bands as previous_bands
        on
            candidates.score_model = previous_bands.score_model
            and candidates.version = previous_bands.version
            and candidates.previous_band = previous_bands.band
    left join score_bands as last_bands
        on
            candidates.score_model = last_bands.score_model
            and candidates.version = last_bands.version
            and last_bands.band_rank = last_bands.last_band_rank
    left join causes
        on
            candidates.customer_id = causes.customer_id
            and candidates.kind = causes.kind
            and candidates.period_end = causes.period_end
    left join customer_segments
        on
            candidates.customer_id = customer_segments.customer_id
            and {{ is_in_force('customer_segments', 'candidates.period_end') }}

),

alerts as (

    select
        candidates.*,
        coalesce(
            case when not candidates.is_engaged then alert_kinds.severity_if_disengaged end,
            alert_kinds.severity
        ) as severity,
        coalesce(
            case alert_kinds.acts_by
                when 'band' then candidates.band_action
                when 'lowest_band' then candidates.lowest_band_action
            end,
            alert_kinds.action
        ) as recommended_action,
        {{ filled_in('alert_kinds.sentence', {
            'score': in_words('candidates.score'),
            'previous_score': in_words('candidates.previous_score'),
            'shift': in_words('candidates.shift'),
            'size': in_words('candidates.size'),
            'measured': short_in_words('candidates.measured'),
            'usual': short_in_words('candidates.usual'),
            'happened_on': 'cast(candidates.happened_on as ' ~ dbt.type_string() ~ ')',
            'lost_or_gained': "case when candidates.shift < 0 then 'lost' else 'gained' end",
            'previous_band': 'candidates.previous_band',
            'band': 'candidates.band',
            'detail': 'candidates.detail',
        }) }} as reason
    from candidates_with_engagement as candidates
    inner join alert_kinds
        on candidates.kind = alert_kinds.kind

),

-- Alerts of an owner and period that were published before keep their ranks.
taken_ranks as (

    select
        owner,
        period_end,
        max(alert_rank) as alert_rank
    from published_alerts
    group by
        owner,
        period_end

),

ranked_alerts as (

    select
        alerts.*,
        coalesce(taken_ranks.alert_rank, 0)
        + row_number() over (
            partition by alerts.owner, alerts.period_end
            order by
                case alerts.severity
                    when 'critical' then 1
                    when 'high' then 2
                    when 'medium' then 3
                    else 4
                end,
                alerts.size desc,
                alerts.kind asc,
                alerts.subject_type asc,
                alerts.subject asc
        ) as alert_rank
    from alerts
    left join taken_ranks
        on
            alerts.owner = taken_ranks.owner
            and alerts.period_end = taken_ranks.period_end

),

final as (

    select
        -- ids
        '{{ company }}' as company,
        {{ dbt.hash(dbt.concat([
            "'" ~ company ~ "|'", "alerts.kind", "'|'", "alerts.subject_type", "'|'",
            "alerts.subject", "'|'", "cast(alerts.period_end as " ~ dbt.type_string() ~ ")",
        ])) }} as alert_id,
        cast(next_load.load_number as {{ dbt.type_int() }}) as load_number,
        alerts.period_end,
        alerts.kind,
        alerts.subject_type,
        alerts.subject,
        alerts.customer_id,
        alerts.score_model,
        alerts.version,

        -- whom it concerns, and how much
        alerts.owner,
        alerts.severity,
        alerts.size,
        cast(alerts.alert_rank as {{ dbt.type_int() }}) as alert_rank,
        alerts.alert_rank > {{ var('alert_budget', 20) }} as is_below_line,
        alerts.period_end < latest_period.period_end as is_late,

        -- what happened, and what to do
        alerts.score,
        alerts.previous_score,
        alerts.band,
        alerts.previous_band,
        alerts.component,
        alerts.reason,
        alerts.recommended_action,
        false as is_settled
    from ranked_alerts as alerts
    cross join next_load
    cross join latest_period
    {%- if published is not none and last_new_alerts is not none %}

    union all

    -- Published by a run that did not finish: still new.
    select
        {%- for column in alert_columns() %}
        published_alerts.{{ column }},
        {%- endfor %}
        false as is_settled
    from published_alerts
    inner join {{ last_new_alerts }} as last_new_alerts
        on published_alerts.alert_id = last_new_alerts.alert_id
    where not last_new_alerts.is_settled
    {%- endif %}

)

select * from final
