{#-
    What this run is about to publish: engagement_alerts appends it, and is looked up by name, since
    what stands there is what was published.
-#}
{%- set company = published_company() -%}
{%- set published = stored_relation('engagement_alerts') -%}
{%- set last_new_alerts = stored_relation('int_engagement__new_alerts') -%}
{%- set horizon = alert_horizon() -%}
{%- set owner_column = var('owner_column', none) -%}
{%- set kinds = alert_kinds() -%}
{{ depends_on('int_engagement__excluded_customers') }}
with conditions as (

    select * from {{ ref('int_engagement__alert_conditions') }}

),

rescored_customers as (

    select * from {{ ref('int_engagement__rescored_customers') }}

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

contributions as (

    select * from {{ ref('engagement_contributions') }}

),

score_bands as (

    select
        *,
        max(band_rank) over (partition by score_model, version) as last_band_rank
    from {{ ref('config_engagement__score_bands') }}

),

customer_segments as (

    select * from {{ ref('int_engagement__customer_segments') }}

),

-- Without a table of the last run, none.
published_alerts as (

    {% if published is not none -%}
    select *
    from {{ published }}
    where
        company = '{{ company }}'
        and (
            customer_id is null
            or customer_id not in (
                select excluded_customers.id
                from {{ ref('int_engagement__excluded_customers') }} as excluded_customers
            )
        )
    {%- else -%}
    select
        '{{ company }}' as company,
        kind,
        subject_type,
        subject,
        period_end,
        '' as alert_id,
        '' as owner,
        0 as load_number,
        0 as alert_rank
    from conditions
    where false
    {%- endif %}

),

next_load as (

    {% if published is not none -%}
    select coalesce(max(load_number), 0) + 1 as load_number
    from {{ published }}
    {%- else -%}
    select 1 as load_number
    {%- endif %}

),

first_period as (

    select min(period_index) as period_index
    from periods
    where {{ is_rescored_period('period_end') }}

),

placed as (

    select
        conditions.*,
        periods.period_index
    from conditions
    inner join periods
        on conditions.period_end = periods.period_end
    inner join first_period
        on periods.period_index >= first_period.period_index - {{ alert_cooldown() }}

),

-- A condition that goes on, or that comes back soon, is no news.
begun as (

    select
        *,
        lag(period_index) over (
            partition by kind, subject_type, subject order by period_index
        ) as held_before_index
    from placed

),

latest_period as (

    select max(period_end) as period_end
    from periods
    where is_scored and not is_partial

),

candidates as (

    select
        begun.*,
        {{ add_days('begun.period_end', -alert_cooldown() * most_period_days()) }}
            as same_from,
        {{ add_days('begun.period_end', alert_cooldown() * most_period_days()) }}
            as same_until
    from begun
    left join rescored_customers
        on
            begun.customer_id = rescored_customers.customer_id
            and begun.period_end
            between rescored_customers.rescored_from and rescored_customers.rescored_until
    where
        begun.explained_by is null
        and (
            begun.held_before_index is null
            or begun.period_index - begun.held_before_index > {{ alert_cooldown() }}
        )
        and case
            when begun.subject_type = 'customer' then rescored_customers.customer_id is not null
            else {{ is_rescored_period('begun.period_end') }}
        end

),

-- Late data may move the day on which a matter began: it stays the same matter.
unpublished as (

    select candidates.*
    from candidates
    left join published_alerts
        on
            candidates.kind = published_alerts.kind
            and candidates.subject_type = published_alerts.subject_type
            and candidates.subject = published_alerts.subject
            and candidates.same_from <= published_alerts.period_end
            and candidates.same_until >= published_alerts.period_end
    where published_alerts.alert_id is null

),

detailed_periods as (

    select
        periods.period_index,
        periods.period_end,
        earlier.period_end as earlier_period_end,
        row_number() over (
            partition by periods.period_index order by earlier.period_index
        ) as earlier_number
    from periods
    inner join periods as earlier
        on
            periods.period_index > earlier.period_index
            and periods.period_index <= earlier.period_index + {{ horizon }}
    where periods.is_detailed and earlier.is_detailed

),

directed as (

    select
        unpublished.customer_id,
        unpublished.score_model,
        unpublished.version,
        unpublished.kind,
        unpublished.period_end,
        detailed_periods.earlier_period_end,
        case unpublished.kind
            {%- for kind, traits in kinds.items() if 'direction' in traits %}
            when '{{ kind }}' then {{ traits.direction }}
            {%- endfor %}
        end as direction
    from unpublished
    inner join detailed_periods
        on
            unpublished.period_end = detailed_periods.period_end
            and detailed_periods.earlier_number = 1
    where unpublished.customer_id is not null

),

components as (

    select
        directed.customer_id,
        directed.kind,
        directed.period_end,
        now_lines.component,
        then_lines.value as earlier_value,
        now_lines.value,
        directed.direction,
        now_lines.contribution - then_lines.contribution as points
    from directed
    inner join contributions as now_lines
        on
            directed.customer_id = now_lines.customer_id
            and directed.score_model = now_lines.score_model
            and directed.version = now_lines.version
            and directed.period_end = now_lines.period_end
    inner join contributions as then_lines
        on
            now_lines.customer_id = then_lines.customer_id
            and now_lines.score_model = then_lines.score_model
            and now_lines.version = then_lines.version
            and now_lines.component = then_lines.component
            and directed.earlier_period_end = then_lines.period_end

),

numbered_components as (

    select
        *,
        row_number() over (
            partition by customer_id, kind, period_end order by direction * points desc, component
        ) as component_number
    from components
    where direction * points > 0

),

-- An override has points and no value.
worded as (

    select
        customer_id,
        kind,
        period_end,
        component,
        points,
        case when points > 0 then '+' else '' end as plus_sign,
        case
            when earlier_value is null and value is null then ''
            else
                {{ dbt.concat([
                    "coalesce(" ~ short_in_words('earlier_value') ~ ", 'none')", "' to '",
                    "coalesce(" ~ short_in_words('value') ~ ", 'none')", "' '",
                ]) }}
        end as moved
    from numbered_components
    where component_number = 1

),

causes as (

    select
        customer_id,
        kind,
        period_end,
        {{ dbt.concat([
            "component", "' '", "moved", "'('", "plus_sign", in_words('points'), "')'",
        ]) }} as component
    from worded

),

described as (

    select
        unpublished.*,
        causes.component,
        case
            when {{ 'false' if owner_column is none else "unpublished.subject_type = 'customer'" }}
                then coalesce(customer_segments.segment, '(unknown)')
            else 'all'
        end as owner,
        -- Who falls silent is on the way down.
        case when unpublished.kind = 'silence' then last_bands.action else bands.action end
            as band_action,
        coalesce(
            {{ is_engaged_score('bands', 'unpublished.score') }} or previous_bands.is_engaged,
            false
        ) as is_engaged,
        case unpublished.kind
            {%- for kind in ['drop', 'rise'] %}
            when '{{ kind }}'
                then {{ dbt.concat([
                    "'Score '", in_words('unpublished.previous_score'), "' to '",
                    in_words('unpublished.score'), "' since '",
                    "cast(unpublished.happened_on as " ~ dbt.type_string() ~ ")",
                    "', while everybody moved by '", in_words('unpublished.shift'),
                ]) }}
            {%- endfor %}
            {%- for kind, way in {'band_down': 'Down', 'band_up': 'Up'}.items() %}
            when '{{ kind }}'
                then {{ dbt.concat([
                    "'" ~ way ~ " from '", "unpublished.previous_band", "' to '", "unpublished.band",
                    "', score '", in_words('unpublished.score'),
                ]) }}
            {%- endfor %}
            when 'silence'
                then {{ dbt.concat([
                    "'Silent for '", short_in_words('unpublished.measured'),
                    "' days; usually '", short_in_words('unpublished.usual'),
                    "' pass between active days'",
                ]) }}
            when 'recovery'
                then {{ dbt.concat([
                    "'Active in two periods again, after '",
                    short_in_words('unpublished.measured'), "' days of silence until '",
                    "cast(unpublished.happened_on as " ~ dbt.type_string() ~ ")",
                ]) }}
            when 'engaged_unhappy'
                then {{ dbt.concat([
                    "'Engaged, yet answered '", "unpublished.detail", "' with '",
                    short_in_words('unpublished.measured'), "' on '",
                    "cast(unpublished.happened_on as " ~ dbt.type_string() ~ ")",
                ]) }}
            when 'not_followed_up'
                then {{ dbt.concat([
                    "'Answered '", "unpublished.detail", "' with '",
                    short_in_words('unpublished.measured'), "' on '",
                    "cast(unpublished.happened_on as " ~ dbt.type_string() ~ ")",
                    "', and nobody followed up within " ~ var('follow_up_days', 4) ~ " days'",
                ]) }}
            when 'gaming'
                then {{ dbt.concat([
                    short_in_words('unpublished.measured'), "' times '", "unpublished.detail",
                    "' on '", "cast(unpublished.happened_on as " ~ dbt.type_string() ~ ")",
                ]) }}
            when 'stale_source'
                then {{ dbt.concat([
                    "'No event since '",
                    "cast(unpublished.happened_on as " ~ dbt.type_string() ~ ")", "', '",
                    short_in_words('unpublished.measured'),
                    "' days ago; usually there is one every '",
                    short_in_words('unpublished.usual'), "' days'",
                ]) }}
            when 'global_shift'
                then {{ dbt.concat([
                    "'Of the '", short_in_words('unpublished.measured'),
                    "' customers whose score moved since '",
                    "cast(unpublished.happened_on as " ~ dbt.type_string() ~ ")",
                    "', half '", "case when unpublished.shift < 0 then 'lost ' else 'gained ' end",
                    in_words('abs(unpublished.shift)'), "' points or more'",
                ]) }}
        end as reason
    from unpublished
    left join score_bands as bands
        on
            unpublished.score_model = bands.score_model
            and unpublished.version = bands.version
            and unpublished.band = bands.band
    left join score_bands as previous_bands
        on
            unpublished.score_model = previous_bands.score_model
            and unpublished.version = previous_bands.version
            and unpublished.previous_band = previous_bands.band
    left join score_bands as last_bands
        on
            unpublished.score_model = last_bands.score_model
            and unpublished.version = last_bands.version
            and last_bands.band_rank = last_bands.last_band_rank
    left join causes
        on
            unpublished.customer_id = causes.customer_id
            and unpublished.kind = causes.kind
            and unpublished.period_end = causes.period_end
    left join customer_segments
        on
            unpublished.customer_id = customer_segments.customer_id
            and customer_segments.segment_column = '{{ owner_column }}'
            and {{ is_in_force('customer_segments', 'unpublished.period_end') }}

),

weighed as (

    select
        *,
        case
            when kind = 'silence' and not is_engaged then 'low'
            {%- for kind, traits in kinds.items() %}
            when kind = '{{ kind }}' then '{{ traits.severity }}'
            {%- endfor %}
        end as severity,
        case kind
            {%- for kind, traits in kinds.items() %}
            when '{{ kind }}'
                then
                    coalesce(
                        {{ 'band_action' if traits.has_band_action else 'null' }},
                        {{ text_literal(traits.action) }}
                    )
            {%- endfor %}
        end as recommended_action
    from described

),

-- Those that were published of an owner and period before keep their places.
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

ranked as (

    select
        weighed.*,
        coalesce(taken_ranks.alert_rank, 0)
        + row_number() over (
            partition by weighed.owner, weighed.period_end
            order by
                case weighed.severity
                    when 'critical' then 1
                    when 'high' then 2
                    when 'medium' then 3
                    else 4
                end,
                weighed.size desc,
                weighed.kind asc,
                weighed.subject_type asc,
                weighed.subject asc
        ) as alert_rank
    from weighed
    left join taken_ranks
        on
            weighed.owner = taken_ranks.owner
            and weighed.period_end = taken_ranks.period_end

),

final as (

    select
        -- ids
        '{{ company }}' as company,
        {{ dbt.hash(dbt.concat([
            "'" ~ company ~ "|'", "ranked.kind", "'|'", "ranked.subject_type", "'|'",
            "ranked.subject", "'|'", "cast(ranked.period_end as " ~ dbt.type_string() ~ ")",
        ])) }} as alert_id,
        cast(next_load.load_number as {{ dbt.type_int() }}) as load_number,
        ranked.period_end,
        ranked.kind,
        ranked.subject_type,
        ranked.subject,
        ranked.customer_id,
        ranked.score_model,
        ranked.version,

        -- whom it concerns, and how much
        ranked.owner,
        ranked.severity,
        ranked.size,
        cast(ranked.alert_rank as {{ dbt.type_int() }}) as alert_rank,
        ranked.alert_rank > {{ var('alert_budget', 20) }} as is_below_line,
        ranked.period_end < latest_period.period_end as is_late,

        -- what happened, and what to do
        ranked.score,
        ranked.previous_score,
        ranked.band,
        ranked.previous_band,
        ranked.component,
        ranked.reason,
        ranked.recommended_action,
        false as is_settled
    from ranked
    cross join next_load
    cross join latest_period
    {%- if published is not none and last_new_alerts is not none %}

    union all

    -- Published by a run that did not come to its end: news still.
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
