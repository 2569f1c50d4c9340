{{ config(grants=marts_grants()) }}
{%- set grain = scoring_grain() -%}
{%- set least_customers = min_segment_size() -%}
{%- set quoted_cuts = "'" ~ kpi_cuts() | join("', '") ~ "'" -%}
with kpi_sums as (

    select * from {{ ref('int_engagement__kpi_sums') }}

),

segment_sums as (

    select * from {{ ref('int_engagement__segment_sums') }}
    where segment_column in ({{ quoted_cuts }})

),

periods as (

    select * from {{ ref('int_engagement__scoring_periods') }}

),

period_events as (

    select * from {{ ref('int_engagement__period_events') }}

),

metric_starts as (

    select * from {{ ref('int_engagement__metric_starts') }}

),

score_bands as (

    select * from {{ ref('config_engagement__score_bands') }}

),

targets as (

    select * from {{ ref('config_engagement__kpi_targets') }}

),

survey_responses as (

    select * from {{ ref('int_engagement__survey_responses_judged') }}
    where reject_reason is null and copy_number = 1

),

interactions as (

    select * from {{ ref('int_engagement__interaction_ledger') }}

),

activity_types as (

    select * from {{ ref('config_engagement__activity_types') }}
    where role = 'follow_up'

),

customer_attributes as (

    select * from {{ ref('int_engagement__customer_attributes') }}

),

kpi_facts as (

    {{ kpi_rows() | indent(4) }}

),

kpi_periods as (

    {{ kpi_periods() | indent(4) }}

),

-- More in the highest band is better, in the lowest worse; of the others neither can be said.
placed_bands as (

    select
        band,
        band_rank = 1 as is_highest,
        band_rank = max(band_rank) over (partition by score_model, version) as is_lowest
    from score_bands

),

band_directions as (

    select
        'band_share:' || band as kpi,
        case
            when min(case when is_highest and not is_lowest then 1 else 0 end) = 1 then 'up'
            when min(case when is_lowest and not is_highest then 1 else 0 end) = 1 then 'down'
        end as direction
    from placed_bands
    group by band

),

-- Which versions count: what another one measures is no change.
versions as (

    select
        period_end,
        {{ dbt.listagg("score_model || ' ' || version", "', '", 'order by score_model, version') }}
            as measured_by
    from segment_sums
    where segment_column = 'all' and counted_customers > 0
    group by period_end

),

score_sums as (

    select
        segment_column,
        segment,
        period_end,
        sum(counted_customers) as counted_customers,
        cast(sum(counted_score_sum) as double) as counted_score_sum,
        cast(sum(counted_good_customers) as double) as counted_good_customers
    from segment_sums
    group by
        segment_column,
        segment,
        period_end

),

-- Follow-ups: an answer belongs to the period in which it was given, and is judged by all that is
-- known on the last scored day.
last_day as (

    select max(days_until) as last_day from kpi_periods

),

follow_ups as (

    select
        interactions.customer_id,
        interactions.occurred_at
    from interactions
    inner join activity_types
        on interactions.activity_type = activity_types.activity_type
    inner join last_day
        on interactions.occurred_on <= last_day.last_day

),

-- A company that records no follow-up, or none yet, may well have made them.
follow_ups_start as (

    select {{ to_local_date('min(occurred_at)') }} as first_on
    from follow_ups

),

unhappy_answers as (

    select
        survey_responses.customer_id,
        survey_responses.survey_type,
        survey_responses.rating,
        survey_responses.responded_at,
        survey_responses.responded_on,
        min(follow_ups.occurred_at) as followed_up_at
    from survey_responses
    inner join follow_ups_start
        on survey_responses.responded_on >= follow_ups_start.first_on
    left join follow_ups
        on
            survey_responses.customer_id = follow_ups.customer_id
            and survey_responses.responded_at < follow_ups.occurred_at
    where {{ is_unhappy('survey_responses') }}
    group by
        survey_responses.input_entry,
        survey_responses.response_id,
        survey_responses.customer_id,
        survey_responses.survey_type,
        survey_responses.rating,
        survey_responses.responded_at,
        survey_responses.responded_on

),

waits as (

    select
        unhappy_answers.customer_id,
        unhappy_answers.responded_on,
        {{ dbt.datediff(
            'unhappy_answers.responded_at', 'unhappy_answers.followed_up_at', 'second'
        ) }} / 86400.0 as days_waited,
        unhappy_answers.followed_up_at <= unhappy_answers.follow_up_until as is_in_time,
        {{ to_local_date('unhappy_answers.follow_up_until') }} < last_day.last_day as is_over
    from (
        select
            *,
            {{ dbt.dateadd('day', var('follow_up_days', 4), 'responded_at') }} as follow_up_until
        from unhappy_answers
    ) as unhappy_answers
    cross join last_day

),

placed_waits as (

    select
        kpi_periods.period_grain,
        kpi_periods.period_end,
        {%- for column in quoted_segment_columns() %}
        coalesce(customer_attributes.{{ column }}, '(unknown)') as {{ column }},
        {%- endfor %}
        waits.customer_id,
        waits.days_waited,
        case when waits.is_in_time then 1 else 0 end as in_time,
        case when waits.is_in_time or waits.is_over then 1 else 0 end as judged
    from waits
    inner join kpi_periods
        on waits.responded_on between kpi_periods.days_from and kpi_periods.days_until
    left join customer_attributes
        on
            waits.customer_id = customer_attributes.customer_id
            and {{ is_in_force('customer_attributes', 'kpi_periods.days_until') }}

),

segmented_waits as (

    {% for segment_column, cut in kpi_cuts().items() -%}
    select
        '{{ segment_column }}' as segment_column,
        {{ segment_of_cut('placed_waits', cut) }} as segment,
        placed_waits.*
    from placed_waits
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}

),

-- An answer without a follow-up has waited longer than all others: a median among them is open.
wait_sums as (

    select
        period_grain,
        segment_column,
        segment,
        period_end,
        percentile_cont(0.5) within group (order by coalesce(days_waited, 1e9)) as median_days,
        count(*) as answers,
        count(days_waited) as followed_up,
        sum(in_time) as in_time,
        sum(judged) as judged,
        count(distinct customer_id) as customers
    from segmented_waits
    group by
        period_grain,
        segment_column,
        segment,
        period_end

),

told as (

    select
        kpi_sums.kpi,
        kpi_periods.period_grain,
        kpi_sums.segment_column,
        kpi_sums.segment,
        kpi_periods.period_end,
        cast(kpi_sums.numerator as double) as numerator,
        kpi_sums.denominator,
        kpi_sums.customers,
        cast(null as double) as given_value
    from kpi_sums
    inner join kpi_periods
        on kpi_sums.period_end = kpi_periods.scored_period_end
    where
        {{ kpi_of_catalog('kpi_sums.kpi') }} in ({{ quoted_kpis('basis', 'state') }})

    union all

    select
        kpi_sums.kpi,
        kpi_sums.period_grain,
        kpi_sums.segment_column,
        kpi_sums.segment,
        kpi_sums.period_end,
        cast(kpi_sums.numerator as double) as numerator,
        kpi_sums.denominator,
        kpi_sums.customers,
        case when kpi_sums.kpi = 'revenue' then cast(kpi_sums.numerator as double) end
            as given_value
    from kpi_sums
    cross join metric_starts
    where
        kpi_sums.kpi in ({{ quoted_kpis('basis', 'flow') }})
        -- Money is 0 for everybody only once the company records any.
        and (
            kpi_sums.kpi not in ('revenue', 'revenue_per_customer')
            or metric_starts.amounts_from <= kpi_sums.period_end
        )
    {% for kpi, numerator in [
        ('mean_score', 'counted_score_sum'), ('share_good', 'counted_good_customers'),
    ] %}
    union all

    select
        '{{ kpi }}' as kpi,
        kpi_periods.period_grain,
        score_sums.segment_column,
        score_sums.segment,
        kpi_periods.period_end,
        score_sums.{{ numerator }} as numerator,
        score_sums.counted_customers as denominator,
        score_sums.counted_customers as customers,
        cast(null as double) as given_value
    from score_sums
    inner join kpi_periods
        on score_sums.period_end = kpi_periods.scored_period_end
    where score_sums.counted_customers > 0
    {% endfor %}
    union all

    select
        'followed_up_share' as kpi,
        period_grain,
        segment_column,
        segment,
        period_end,
        cast(in_time as double) as numerator,
        judged as denominator,
        customers,
        cast(null as double) as given_value
    from wait_sums
    where judged > 0

    union all

    select
        'follow_up_days' as kpi,
        period_grain,
        segment_column,
        segment,
        period_end,
        cast(followed_up as double) as numerator,
        answers as denominator,
        customers,
        -- Between a known and an open wait lies half of the open one.
        case when median_days < 1e8 then median_days end as given_value
    from wait_sums

),

valued as (

    select
        told.*,
        kpi_facts.catalog_kpi,
        kpi_facts.unit,
        kpi_facts.point,
        kpi_facts.is_by_grain,
        case
            when kpi_facts.catalog_kpi = 'band_share' then band_directions.direction
            else kpi_facts.direction
        end as direction,
        kpi_periods.period_number,
        kpi_periods.scored_period_end,
        kpi_periods.is_partial,
        case
            when kpi_facts.catalog_kpi in ('mean_score', 'share_good', 'band_share')
                then versions.measured_by
            else 'all'
        end as measured_by,
        -- `all` is no segment.
        told.segment_column != 'all' and told.customers < {{ least_customers }} as is_suppressed,
        case
            when kpi_facts.scale is null then told.given_value
            else kpi_facts.scale * told.numerator / told.denominator
        end as measured_value
    from told
    inner join kpi_facts
        on {{ kpi_of_catalog('told.kpi') }} = kpi_facts.catalog_kpi
    inner join kpi_periods
        on
            told.period_grain = kpi_periods.period_grain
            and told.period_end = kpi_periods.period_end
    left join band_directions
        on told.kpi = band_directions.kpi
    left join versions
        on kpi_periods.scored_period_end = versions.period_end

),

-- A part of a period cannot be held against a whole one, where the length of it counts.
comparable as (

    select
        *,
        case when not is_suppressed then measured_value end as value,
        case
            when not is_suppressed and not (is_partial and is_by_grain) then measured_value
        end as whole_value
    from valued

),

changed as (

    select
        *,
        whole_value - max(whole_value) over (
            partition by kpi, period_grain, segment_column, segment, measured_by
            order by period_number
            range between 1 preceding and 1 preceding
        ) as value_change
    from comparable

),

-- Decimals: sums must repeat to the last digit.
summed as (

    select
        *,
        count(value_change) over lately as changes,
        cast(
            sum(
                cast(value_change as decimal(38, 9))
                * case direction when 'up' then 1 when 'down' then -1 end
            ) over lately as double
        ) as good_change_sum,
        cast(sum(abs(cast(value_change as decimal(38, 9)))) over lately as double) as move_sum
    from changed
    window lately as (
        partition by kpi, period_grain, segment_column, segment, measured_by
        order by period_number
        range between {{ trend_periods() - 1 }} preceding and current row
    )

),

noisy as (

    select
        *,
        {{ noise_of_sums('changes', 'move_sum') }} as noise
    from summed

),

-- A target for the grain goes before one for all grains.
targets_in_force as (

    select
        kpi_periods.period_grain,
        kpi_periods.period_end,
        targets.kpi,
        targets.segment_column,
        targets.segment_value,
        targets.target,
        row_number() over (
            partition by
                kpi_periods.period_grain,
                kpi_periods.period_end,
                targets.kpi,
                targets.segment_column,
                targets.segment_value
            order by case when targets.period_grain = 'any' then 2 else 1 end
        ) as choice
    from kpi_periods
    inner join targets
        on
            targets.period_grain in (kpi_periods.period_grain, 'any')
            and {{ is_in_force('targets', 'kpi_periods.period_end') }}

),

aimed as (

    select
        noisy.*,
        targets_in_force.target
    from noisy
    left join targets_in_force
        on
            noisy.kpi = targets_in_force.kpi
            and noisy.segment_column = targets_in_force.segment_column
            and noisy.segment = targets_in_force.segment_value
            and noisy.period_grain = targets_in_force.period_grain
            and noisy.period_end = targets_in_force.period_end
            and targets_in_force.choice = 1

),

judged as (

    select
        *,
        case direction when 'up' then target - whole_value when 'down' then whole_value - target end
            as shortfall,
        {{ kpi_margin('catalog_kpi') }} as margin,
        -- More than half of the answers wait.
        kpi = 'follow_up_days' and measured_value is null and not is_suppressed as is_open
    from aimed

),

-- Months and quarters are told the events of the scored periods that end in them.
distinct_events as (

    select
        kpi_periods.period_grain,
        kpi_periods.period_end,
        period_events.external_events,
        min(period_events.period_end) as first_period_end
    from kpi_periods
    inner join period_events
        on period_events.period_end between kpi_periods.days_from and kpi_periods.days_until
    where period_events.external_events is not null
    group by
        kpi_periods.period_grain,
        kpi_periods.period_end,
        period_events.external_events

),

-- What another of them says as well is not said twice.
events as (

    select
        period_grain,
        period_end,
        {{ dbt.listagg('external_events', "'; '", 'order by first_period_end, external_events') }}
            as external_events
    from distinct_events
    where
        not exists (
            select 1
            from distinct_events as fuller
            where
                distinct_events.period_grain = fuller.period_grain
                and distinct_events.period_end = fuller.period_end
                and distinct_events.external_events != fuller.external_events
                and {{ dbt.position('distinct_events.external_events', 'fuller.external_events') }}
                > 0
        )
    group by
        period_grain,
        period_end

),

final as (

    select
        -- ids
        judged.kpi,
        judged.period_grain,
        judged.segment_column,
        judged.segment,
        judged.period_end,

        -- value
        judged.value,
        judged.unit,
        case when not judged.is_suppressed then judged.numerator end as numerator,
        case
            when not judged.is_suppressed then cast(judged.denominator as {{ dbt.type_bigint() }})
        end as denominator,

        -- target
        judged.target,
        case
            when judged.target is null then 'no_target'
            when judged.is_open then 'off_target'
            when judged.shortfall <= 0 then 'on_target'
            when judged.shortfall <= judged.margin then 'near'
            when judged.shortfall > judged.margin then 'off_target'
        end as status,
        judged.direction as good_direction,

        -- change
        judged.value_change,
        case
            when judged.whole_value is not null and judged.direction is not null
                then {{ trend_of_changes(
                    'judged.changes', 'judged.good_change_sum', 'judged.noise', 'judged.point'
                ) | indent(16) }}
        end as trend,
        events.external_events,

        -- how to read it
        judged.scored_period_end,
        judged.is_partial,
        judged.is_suppressed
    from judged
    left join events
        on
            judged.period_grain = events.period_grain
            and judged.period_end = events.period_end

)

select * from final
