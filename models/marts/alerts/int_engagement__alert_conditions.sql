{{ built_by_period() }}
{%- set horizon = alert_horizon() -%}
{%- set drop_points = var('alert_drop_points', 15) -%}
{%- set global_points = var('alert_global_points', 5) -%}
{%- set no_number = 'cast(null as double)' -%}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
{%- set no_date = 'cast(null as date)' -%}
{#- What holds of a customer: the rows in which it does, and what a sentence about it needs. -#}
{%- set customer_kinds = [
    {
        'kind': "case when score_change < 0 then 'drop' else 'rise' end", 'from': 'movers',
        'size': 'abs(net_change)', 'shift': 'shift', 'measured': 'score_change',
        'happened_on': 'month_before_end',
    },
    {
        'kind': "case when steps_down > 0 then 'band_down' else 'band_up' end",
        'from': 'band_changes', 'band': 'settled_band', 'previous_band': 'previous_settled_band',
        'size': 'coalesce(abs(score_change), 0)', 'measured': 'abs(steps_down)',
    },
    {
        'kind': "'silence'", 'from': 'compared',
        'where': 'is_silent and recency_days - period_days < silent_from_days',
        'size': 'coalesce(score, 0)', 'measured': 'recency_days', 'usual': 'usual_gap_days',
    },
    {
        'kind': "'recovery'", 'from': 'recoveries',
        'size': 'coalesce(abs(score_change), 0)', 'measured': 'silent_days_then',
        'usual': 'usual_gap_days', 'happened_on': 'last_silent_end',
    },
    {
        'kind': 'kind', 'from': 'answers', 'where': "is_engaged or kind = 'not_followed_up'",
        'size': 'coalesce(score, 0)', 'measured': 'rating', 'detail': 'survey_type',
        'happened_on': 'responded_on',
    },
    {
        'kind': "'gaming'", 'from': 'busy_periods', 'size': 'interactions',
        'measured': 'interactions', 'detail': 'activity_type', 'happened_on': 'occurred_on',
    },
] -%}
with trends as (

    select * from {{ ref('int_engagement__score_trends') }}

),

customer_metrics as (

    select
        customer_id,
        window_periods,
        period_end,
        exposed_days,
        recency_days,
        usual_gap_days
    from {{ ref('int_engagement__customer_metrics') }}

),

activity_days as (

    select * from {{ ref('int_engagement__customer_activity_days') }}

),

interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

interaction_cells as (

    select * from {{ ref('int_engagement__interaction_cells') }}
    where reject_reason is null

),

responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where reject_reason is null and copy_number = 1

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}

),

score_models as (

    select * from {{ ref('config_engagement__score_models') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

scoring_periods as (

    select
        *,
        1 + {{ days_between('period_start', 'period_end') }}
            as period_days,
        min(case when period_end >= data_first_day then period_index end) over ()
            as first_data_index,
        lag(period_end, {{ horizon }}) over (order by period_index) as month_before_end,
        {% if is_incremental() -%}
        coalesce({{ is_rescored_period('period_end') }}, false) as is_rescored
        {%- else -%}
        true as is_rescored
        {%- endif %}
    from {{ ref('int_engagement__scoring_periods') }}

),

first_period as (

    select min(period_index) as period_index
    from scoring_periods
    where is_rescored

),

-- Those to tell of, those before whose conditions explain theirs, and those that these are compared
-- with.
periods as (

    select
        scoring_periods.*,
        scoring_periods.period_index >= first_period.period_index - {{ horizon }} as is_told
    from scoring_periods
    inner join first_period
        on scoring_periods.period_index >= first_period.period_index - {{ 2 * horizon }}
    where scoring_periods.is_scored and not scoring_periods.is_partial

),

-- A source falls silent: six times longer than it usually takes, and at least a week.
source_days as (

    select distinct
        input_entry,
        occurred_on
    from interaction_cells

),

source_rhythms as (

    select
        input_entry,
        occurred_on as stopped_on,
        lead(occurred_on) over so_far as resumed_on,
        count(*) over so_far as event_days,
        cast(
            {{ days_between('min(occurred_on) over so_far', 'occurred_on') }}
            as double
        ) / nullif(count(*) over so_far - 1, 0) as usual_gap_days
    from source_days
    window so_far as (partition by input_entry order by occurred_on)

),

outages as (

    select
        *,
        greatest(7, 6 * usual_gap_days) as stale_from_days
    from source_rhythms
    where event_days >= 10

),

stale_periods as (

    select
        outages.*,
        periods.period_index,
        periods.first_data_index,
        periods.period_end,
        periods.is_rescored,
        {{ days_between('outages.stopped_on', 'periods.period_end') }}
            as silent_days
    from outages
    inner join periods
        on
            outages.stopped_on < periods.period_end
            and (outages.resumed_on is null or outages.resumed_on > periods.period_end)
            and {{ days_between('outages.stopped_on', 'periods.period_end') }}
            >= outages.stale_from_days

),

-- From the day on which it stopped, until the scores no longer tell of it.
affected_spans as (

    select
        stale_periods.input_entry,
        stale_periods.stopped_on,
        min(stale_periods.resumed_on) as resumed_on,
        max(score_models.window_periods) * {{ most_period_days() }} as window_days
    from stale_periods
    cross join score_models
    where score_models.is_scored
    group by
        stale_periods.input_entry,
        stale_periods.stopped_on

),

affected_periods as (

    select
        affected_spans.input_entry,
        affected_spans.stopped_on,
        affected_spans.window_days,
        periods.period_index
    from affected_spans
    inner join periods
        on
            affected_spans.stopped_on < periods.period_end
            and {{ days_between('affected_spans.stopped_on', 'periods.period_end') }}
            <= affected_spans.window_days
            and (
                affected_spans.resumed_on is null
                or {{ days_between('affected_spans.resumed_on', 'periods.period_end') }}
                <= {{ (horizon + 1) * most_period_days() }}
            )

),

affected_customers as (

    select distinct
        interactions.customer_id,
        affected_periods.period_index
    from interactions
    inner join affected_periods
        on
            interactions.input_entry = affected_periods.input_entry
            and interactions.occurred_on <= affected_periods.stopped_on
            and {{ days_between('interactions.occurred_on', 'affected_periods.stopped_on') }}
            < affected_periods.window_days

),

placed as (

    select
        trends.customer_id,
        trends.score_model,
        trends.version,
        trends.period_end,
        trends.score,
        trends.band,
        trends.settled_band,
        trends.previous_settled_band,
        trends.change_month,
        periods.period_index,
        periods.month_before_end,
        periods.is_rescored,
        periods.is_told,
        -- A window is filled by data, not by the days before there were any.
        periods.period_index
        - (periods.first_data_index + score_models.window_periods - 1) as periods_since_filled,
        customer_metrics.exposed_days
        >= least({{ 2 * horizon }}, score_models.window_periods) * {{ fewest_period_days() }}
            as is_exposed,
        customer_metrics.recency_days,
        customer_metrics.usual_gap_days,
        {{ silent_from_days('customer_metrics.usual_gap_days') }} as silent_from_days,
        coalesce(
            customer_metrics.recency_days
            >= {{ silent_from_days('customer_metrics.usual_gap_days') }},
            false
        ) as is_silent,
        coalesce(customer_metrics.recency_days < periods.period_days, false) as is_active,
        periods.period_days
    from trends
    inner join periods
        on trends.period_end = periods.period_end
    inner join score_models
        on
            trends.score_model = score_models.score_model
            and trends.version = score_models.version
    left join customer_metrics
        on
            trends.customer_id = customer_metrics.customer_id
            and trends.period_end = customer_metrics.period_end
            and score_models.window_periods = customer_metrics.window_periods

),

silent_customers as (

    select distinct customer_id
    from placed
    where is_silent

),

counted as (

    select
        placed.customer_id,
        placed.period_index,
        placed.period_end,
        placed.is_told,
        placed.is_silent,
        placed.recency_days,
        sum(case when placed.is_active and not placed.is_silent then 1 else 0 end) over (
            partition by placed.customer_id order by placed.period_index
        ) as active_periods
    from placed
    inner join silent_customers
        on placed.customer_id = silent_customers.customer_id

),

silences as (

    select
        customer_id,
        period_index,
        is_told,
        active_periods,
        max(case when is_silent then period_end end) over lately as last_silent_end,
        max(case when is_silent then active_periods end) over lately as active_periods_then,
        max(case when is_silent then recency_days end) over lately as silent_days_then
    from counted
    window
        lately as (
            partition by customer_id order by period_index
            range between {{ [horizon, 2] | max }} preceding and 1 preceding
        )

),

last_silences as (

    select * from silences
    where is_told and last_silent_end is not null

),

-- Only what was filled, a month before as well, and of who was exposed, can have changed.
compared as (

    select
        *,
        is_exposed and periods_since_filled >= {{ horizon }} as is_comparable,
        case when is_exposed and periods_since_filled >= {{ horizon }} then change_month end
            as score_change
    from placed
    where periods_since_filled >= 0 and is_told

),

recoveries as (

    select
        compared.*,
        last_silences.last_silent_end,
        last_silences.silent_days_then
    from compared
    inner join last_silences
        on
            compared.customer_id = last_silences.customer_id
            and compared.period_index = last_silences.period_index
    where
        compared.is_active
        and not compared.is_silent
        and last_silences.active_periods - last_silences.active_periods_then >= 2
        and last_silences.silent_days_then >= 28

),

-- Who sleeps does not move: the shift is that of those who do.
medians as (

    select
        period_index,
        period_end,
        month_before_end,
        is_rescored,
        count(nullif(score_change, 0)) as moved_customers,
        percentile_cont(0.5) within group (order by nullif(score_change, 0)) as median_change
    from compared
    group by
        period_index,
        period_end,
        month_before_end,
        is_rescored

),

shifts as (

    select
        *,
        case when moved_customers >= {{ fewest_in_a_shift() }} then median_change else 0 end
            as shift
    from medians

),

-- Beyond everybody's, and beyond what the score of this customer did anyway.
movers as (

    select
        compared.*,
        shifts.shift,
        compared.score_change - shifts.shift as net_change
    from compared
    inner join shifts
        on compared.period_index = shifts.period_index
    inner join trends as trends_before
        on
            compared.customer_id = trends_before.customer_id
            and compared.month_before_end = trends_before.period_end
    where
        abs(compared.score_change) >= {{ drop_points }}
        and abs(compared.score_change - shifts.shift) >= {{ drop_points }}
        and sign(compared.score_change) = sign(compared.score_change - shifts.shift)
        and abs(compared.score_change - shifts.shift)
        >= 2 * coalesce(trends_before.noise, 0) * sqrt({{ horizon }})

),

band_changes as (

    select
        compared.*,
        bands.band_rank - previous_bands.band_rank as steps_down
    from compared
    inner join score_bands as bands
        on
            compared.score_model = bands.score_model
            and compared.version = bands.version
            and compared.settled_band = bands.band
    inner join score_bands as previous_bands
        on
            compared.score_model = previous_bands.score_model
            and compared.version = previous_bands.version
            and compared.previous_settled_band = previous_bands.band
    where compared.settled_band != compared.previous_settled_band and compared.is_exposed

),

unhappy_answers as (

    select
        responses.customer_id,
        responses.survey_type,
        responses.rating,
        responses.responded_at,
        responses.responded_on,
        {{ dbt.dateadd('day', var('follow_up_days', 4), 'responses.responded_at') }}
            as follow_up_until
    from responses
    where {{ is_unhappy('responses') }}

),

follow_ups as (

    select
        interactions.customer_id,
        interactions.occurred_at,
        interactions.occurred_on
    from interactions
    inner join activity_types
        on interactions.activity_type = activity_types.activity_type
    where activity_types.role = 'follow_up'

),

follow_ups_start as (

    select min(occurred_on) as first_on
    from follow_ups

),

-- A company that records no follow-up, or none yet, may well have made them.
judged_answers as (

    select
        unhappy_answers.customer_id,
        unhappy_answers.survey_type,
        unhappy_answers.rating,
        unhappy_answers.responded_at,
        unhappy_answers.responded_on,
        {{ to_local_date('unhappy_answers.follow_up_until') }} as follow_up_until_on,
        coalesce(
            unhappy_answers.responded_on >= follow_ups_start.first_on
            and not exists (
                select 1
                from follow_ups
                where
                    follow_ups.customer_id = unhappy_answers.customer_id
                    and follow_ups.occurred_at > unhappy_answers.responded_at
                    and follow_ups.occurred_at <= unhappy_answers.follow_up_until
            ),
            false
        ) as is_waiting,
        -- Called already: nothing is left to do.
        not exists (
            select 1
            from follow_ups
            where
                follow_ups.customer_id = unhappy_answers.customer_id
                and follow_ups.occurred_at > unhappy_answers.responded_at
                and follow_ups.occurred_on <= {{ period_end('unhappy_answers.responded_on') }}
        ) as is_open
    from unhappy_answers
    cross join follow_ups_start

),

dated_answers as (

    select
        'engaged_unhappy' as kind,
        {{ period_end('responded_on') }} as period_end,
        *
    from judged_answers
    where is_open

    union all

    select
        'not_followed_up' as kind,
        {{ period_end('follow_up_until_on') }} as period_end,
        *
    from judged_answers
    where is_waiting

),

-- The last one of a period speaks for it.
numbered_answers as (

    select
        *,
        row_number() over (
            partition by kind, customer_id, period_end
            order by responded_at desc, survey_type asc, rating asc
        ) as answer_number
    from dated_answers

),

answers as (

    select
        compared.*,
        numbered_answers.kind,
        numbered_answers.survey_type,
        numbered_answers.rating,
        numbered_answers.responded_on,
        coalesce(
            {{ is_engaged_score('bands', 'compared.score') }} or previous_bands.is_engaged,
            false
        ) as is_engaged
    from numbered_answers
    inner join compared
        on
            numbered_answers.customer_id = compared.customer_id
            and numbered_answers.period_end = compared.period_end
    left join score_bands as bands
        on
            compared.score_model = bands.score_model
            and compared.version = bands.version
            and compared.band = bands.band
    left join score_bands as previous_bands
        on
            compared.score_model = previous_bands.score_model
            and compared.version = previous_bands.version
            and compared.previous_settled_band = previous_bands.band
    where numbered_answers.answer_number = 1

),

busy_days as (

    select
        activity_days.customer_id,
        {{ period_end('activity_days.occurred_on') }} as period_end,
        activity_days.occurred_on,
        activity_days.activity_type,
        activity_days.interactions,
        row_number() over (
            partition by activity_days.customer_id, {{ period_end('activity_days.occurred_on') }}
            order by
                activity_days.interactions desc,
                activity_days.occurred_on asc,
                activity_days.activity_type asc
        ) as day_number
    from activity_days
    left join activity_types
        on activity_days.activity_type = activity_types.activity_type
    where
        {{ is_gaming_day('activity_days', 'activity_types') }}

),

busy_periods as (

    select
        compared.*,
        busy_days.occurred_on,
        busy_days.activity_type,
        busy_days.interactions
    from compared
    inner join busy_days
        on
            compared.customer_id = busy_days.customer_id
            and compared.period_end = busy_days.period_end
    where busy_days.day_number = 1

),

conditions as (

    {% for condition in customer_kinds -%}
    {%- if condition.kind == "'silence'" -%}
    -- Only where it begins: a period ago it was not that long.
    {% endif -%}
    select
        {{ condition.kind }} as kind,
        'customer' as subject_type,
        customer_id as subject,
        customer_id,
        score_model,
        version,
        period_index,
        period_end,
        month_before_end,
        is_rescored,
        is_silent,
        is_comparable,
        score,
        {{ condition.get('band', 'band') }} as band,
        {{ condition.get('previous_band', no_text) }} as previous_band,
        {{ condition.get('shift', no_number) }} as shift,
        {{ condition.size }} as size,
        {{ condition.measured }} as measured,
        {{ condition.get('usual', no_number) }} as usual,
        {{ condition.get('detail', no_text) }} as detail,
        {{ condition.get('happened_on', no_date) }} as happened_on
    from {{ condition.from }}
    {%- if 'where' in condition %}
    where {{ condition.where }}
    {%- endif %}

    union all

    {% endfor -%}
    select
        'global_shift' as kind,
        'company' as subject_type,
        'all' as subject,
        {{ no_text }} as customer_id,
        {{ no_text }} as score_model,
        {{ no_text }} as version,
        period_index,
        period_end,
        {{ no_date }} as month_before_end,
        is_rescored,
        false as is_silent,
        false as is_comparable,
        {{ no_number }} as score,
        {{ no_text }} as band,
        {{ no_text }} as previous_band,
        shift,
        abs(shift) as size,
        moved_customers as measured,
        {{ no_number }} as usual,
        {{ no_text }} as detail,
        month_before_end as happened_on
    from shifts
    where abs(shift) >= {{ global_points }}

    union all

    select
        'stale_source' as kind,
        'source' as subject_type,
        input_entry as subject,
        {{ no_text }} as customer_id,
        {{ no_text }} as score_model,
        {{ no_text }} as version,
        period_index,
        period_end,
        {{ no_date }} as month_before_end,
        is_rescored,
        false as is_silent,
        false as is_comparable,
        {{ no_number }} as score,
        {{ no_text }} as band,
        {{ no_text }} as previous_band,
        {{ no_number }} as shift,
        silent_days as size,
        silent_days as measured,
        usual_gap_days as usual,
        {{ no_text }} as detail,
        stopped_on as happened_on
    from stale_periods
    where period_index >= first_data_index + {{ score_windows() | min - 1 }}

),

-- One matter is told once: by what explains the rest.
beside as (

    select
        *,
        max(case when kind = 'drop' then 1 else 0 end) over lately as has_drop,
        max(case when kind = 'rise' then 1 else 0 end) over lately as has_rise,
        max(case when kind = 'not_followed_up' then 1 else 0 end) over this_period
            as has_waited
    from conditions
    window
        lately as (
            partition by subject_type, subject order by period_index
            range between {{ horizon }} preceding and current row
        ),
        this_period as (
            partition by subject_type, subject order by period_index
            range between current row and current row
        )

),

shifted_periods as (

    select distinct periods.period_index
    from periods
    inner join shifts
        on periods.period_index between shifts.period_index and shifts.period_index + {{ horizon }}
    where abs(shifts.shift) >= {{ global_points }}

),

outage_periods as (

    select distinct period_index
    from affected_periods

),

explained as (

    select
        beside.*,
        case
            when
                beside.kind in ('drop', 'rise', 'band_down', 'band_up', 'silence', 'recovery')
                and affected_customers.customer_id is not null
                then 'stale_source'
            when
                beside.kind = 'global_shift' and outage_periods.period_index is not null
                then 'stale_source'
            when beside.kind in ('drop', 'band_down') and beside.is_silent then 'silence'
            when
                beside.kind in ('rise', 'band_up') and last_silences.customer_id is not null
                then 'recovery'
            when
                beside.kind in ('band_down', 'band_up')
                and shifted_periods.period_index is not null
                then 'global_shift'
            when beside.kind = 'band_down' and beside.has_drop = 1 then 'drop'
            when beside.kind = 'band_up' and beside.has_rise = 1 then 'rise'
            when beside.kind = 'engaged_unhappy' and beside.has_waited = 1 then 'not_followed_up'
        end as explained_by,
        case when beside.is_comparable then trends_before.score end as previous_score,
        coalesce(beside.previous_band, trends_before.band) as band_before
    from beside
    left join affected_customers
        on
            beside.customer_id = affected_customers.customer_id
            and beside.period_index = affected_customers.period_index
    left join shifted_periods
        on beside.period_index = shifted_periods.period_index
    left join outage_periods
        on beside.period_index = outage_periods.period_index
    left join last_silences
        on
            beside.customer_id = last_silences.customer_id
            and beside.period_index = last_silences.period_index
    left join trends as trends_before
        on
            beside.customer_id = trends_before.customer_id
            and beside.score_model = trends_before.score_model
            and beside.version = trends_before.version
            and beside.month_before_end = trends_before.period_end
    where beside.is_rescored

),

final as (

    select
        -- ids
        kind,
        subject_type,
        subject,
        customer_id,
        score_model,
        version,
        period_end,

        -- what is told by another
        explained_by,

        -- what a sentence needs
        cast(score as double) as score,
        cast(previous_score as double) as previous_score,
        band,
        band_before as previous_band,
        cast(shift as double) as shift,
        cast(size as double) as size,
        cast(measured as double) as measured,
        cast(usual as double) as usual,
        detail,
        happened_on
    from explained

)

select * from final
