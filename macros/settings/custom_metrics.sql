{#
    The metrics that a project adds from models of its own: the variable `custom_metrics`, checked.

    Returns metric -> the facts of metric_catalog, with is_custom, and where its values are:
    {ref, column, where_set}. Everything that can be known without a database is checked here, so
    that a wrong entry stops the parse; what the model holds, in check_custom_metrics.
#}
{% macro custom_metrics() -%}
    {%- set entries = var('custom_metrics', []) -%}
    {%- if entries is string or entries is mapping or entries is not iterable -%}
        {%- do customer_engagement.raise_input_error(
            'custom_metrics',
            'it must be a list of entries, found ' ~ entries,
            'write each entry as a list item: `- {metric: seat_use, ref: my_model, dimension: behavioural}`'
        ) -%}
    {%- endif -%}
    {%- set checked = {} -%}
    {%- for entry in entries -%}
        {%- set metric = customer_engagement.checked_custom_metric(
            entry, 'custom_metrics[' ~ loop.index0 ~ ']'
        ) -%}
        {%- if metric.name in checked -%}
            {%- do customer_engagement.raise_input_error(
                metric.facts.where_set,
                'an entry before it has the same metric',
                'give one of them another name'
            ) -%}
        {%- endif -%}
        {%- do checked.update({metric.name: metric.facts}) -%}
    {%- endfor -%}
    {{ return(checked) }}
{%- endmacro %}

{# One entry, checked and completed: {name, facts}. #}
{% macro checked_custom_metric(entry, where_set) -%}
    {%- set required = ['metric', 'ref', 'dimension'] -%}
    {%- set kinds = {
        'metric': 'text', 'ref': 'text', 'column': 'text', 'dimension': 'text', 'direction': 'text',
        'unit': 'text', 'scaling': 'text', 'default_lower': 'number', 'maximum': 'number',
    } -%}
    {%- set accepted_keys = 'accepted keys: ' ~ kinds.keys() | join(', ') -%}
    {%- if entry is not mapping -%}
        {%- do customer_engagement.raise_input_error(
            where_set, 'an entry must be a mapping, found ' ~ entry, accepted_keys
        ) -%}
    {%- endif -%}
    {%- for key, value in entry.items() -%}
        {%- if key not in kinds -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "unknown key '" ~ key ~ "'", accepted_keys
            ) -%}
        {%- elif kinds[key] == 'text' and value is not string -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "'" ~ key ~ "' must be text, found " ~ value,
                'put the value in quotation marks'
            ) -%}
        {%- elif kinds[key] == 'number' and (
            value is boolean or value is not number
            or not (value >= -1000000000 and value <= 1000000000)
        ) -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "'" ~ key ~ "' must be a number, found " ~ value,
                'write it like 12.5; it may be at most 1000000000 in size'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for key in required if not entry.get(key) -%}
        {%- do customer_engagement.raise_input_error(
            where_set, "'" ~ key ~ "' is missing", 'every entry needs ' ~ required | join(', ')
        ) -%}
    {%- endfor -%}
    {%- set where_set = where_set ~ ' (' ~ entry.metric | truncate(60) ~ ')' -%}

    {%- if not modules.re.match('^[a-z][a-z0-9_]*$', entry.metric) -%}
        {%- do customer_engagement.raise_input_error(
            where_set, 'the metric becomes a column, and this is no name of one',
            'use small letters, digits and _, a letter first'
        ) -%}
    {%- endif -%}
    {%- if entry.metric in customer_engagement.shipped_metrics() -%}
        {%- do customer_engagement.raise_input_error(
            where_set, 'a metric of the package has that name',
            'give it a name of your own, with the name of your company in front say; those taken: '
            ~ customer_engagement.shipped_metrics().keys() | join(', ')
        ) -%}
    {%- endif -%}
    {%- if entry.metric in customer_engagement.reserved_metric_names()
        or entry.metric.endswith('_before') -%}
        {%- do customer_engagement.raise_input_error(
            where_set, 'that name is a column beside the metrics',
            'give it another one, not ending in _before, and none of: '
            ~ customer_engagement.reserved_metric_names() | join(', ')
        ) -%}
    {%- endif -%}
    {%- set parts = entry.ref.split('.') -%}
    {%- if parts | length > 2 or '' in parts -%}
        {%- do customer_engagement.raise_input_error(
            where_set, "ref '" ~ entry.ref ~ "' is not a model's name",
            'write model, or project.model'
        ) -%}
    {%- endif -%}
    {%- set column = entry.get('column', entry.metric) -%}
    {%- if not modules.re.match('^[A-Za-z_][A-Za-z0-9_]*$', column) -%}
        {%- do customer_engagement.raise_input_error(
            where_set, "column '" ~ column ~ "' is not a column's name",
            'name a column of the model; an expression belongs into the model'
        ) -%}
    {%- endif -%}

    {%- set direction = entry.get('direction', 'up') -%}
    {%- set default_lower = entry.get('default_lower', 0) -%}
    {%- set has_end = direction == 'down' or default_lower != 0 or 'maximum' in entry -%}
    {%- set scaling = entry.get('scaling', 'goal' if has_end else 'saturation') -%}
    {%- set accepted = {
        'dimension': ['behavioural', 'attitudinal', 'transactional', 'advocacy'],
        'direction': ['up', 'down'],
        'scaling': ['goal', 'saturation'],
    } -%}
    {%- for key, value in {
        'dimension': entry.dimension, 'direction': direction, 'scaling': scaling,
    }.items() if value not in accepted[key] -%}
        {%- do customer_engagement.raise_input_error(
            where_set, key ~ " is '" ~ value ~ "'", 'use one of: ' ~ accepted[key] | join(', ')
        ) -%}
    {%- endfor -%}
    {%- if direction == 'down' and 'default_lower' not in entry -%}
        {%- do customer_engagement.raise_input_error(
            where_set, 'less of it is better, and nothing says which value is scored 0',
            'add default_lower, the value that is as bad as any worse one'
        ) -%}
    {%- endif -%}
    {%- if scaling == 'saturation' and (direction == 'down' or default_lower != 0) -%}
        {%- do customer_engagement.raise_input_error(
            where_set, 'scaling saturation begins at 0 and goes up',
            'use scaling goal, or leave direction and default_lower out'
        ) -%}
    {%- endif -%}
    {%- if 'maximum' in entry and (
        entry.maximum < default_lower or (direction == 'up' and entry.maximum == default_lower)
    ) -%}
        {%- do customer_engagement.raise_input_error(
            where_set,
            'maximum is ' ~ entry.maximum ~ ' and default_lower is ' ~ default_lower,
            'maximum is the largest value that makes sense, so it must lie above default_lower'
            ~ ' (of a metric of which less is better, it may be the same)'
        ) -%}
    {%- endif -%}

    {{ return({
        'name': entry.metric,
        'facts': {
            'dimension': entry.dimension,
            'direction': direction,
            'default_lower': default_lower,
            'unit': entry.get('unit', 'a number'),
            'maximum': entry.get('maximum'),
            'scaling': scaling,
            'attitude': false,
            'is_custom': true,
            'ref': parts,
            'column': column,
            'where_set': where_set,
        },
    }) }}
{%- endmacro %}

{# What else a table, or a badge, has in the place of a metric. #}
{% macro reserved_metric_names() -%}
    {{ return(customer_engagement.standing_measures() + [
        'customer_id', 'account_id', 'score_model', 'version', 'experiment_id', 'variant',
        'window_periods', 'window_days', 'period_index', 'period_start', 'period_end', 'step',
        'in_force_on', 'is_known', 'is_new', 'is_pending', 'exposed_days', 'engaged_interactions',
        'usual_gap_days', 'points', 'raw_score', 'override_score', 'coverage', 'lacks_required',
        'status', 'band', 'metric', 'value', 'dimension', 'third', 'activity_streak',
    ] | unique | list) }}
{%- endmacro %}

{#
    The models that own metrics come from, each once: a list of {ref, where_set, metrics}, with
    metrics: metric -> facts.
#}
{% macro custom_metric_models() -%}
    {%- set models = {} -%}
    {%- for metric, facts in customer_engagement.custom_metrics().items() -%}
        {%- do models.setdefault(
            facts.ref | join('.'), {'ref': facts.ref, 'where_set': facts.where_set, 'metrics': {}}
        ).metrics.update({metric: facts}) -%}
    {%- endfor -%}
    {{ return(models.values() | list) }}
{%- endmacro %}

{#
    A row of an own metric's model as it is read: customer_id, period_end, and each of its metrics;
    what cannot be read, or is no finite number, is NULL. check_custom_metrics lets no such row pass.
#}
{% macro custom_metric_rows(holder) -%}
    select
        {{ customer_engagement.as_text('customer_id') }} as customer_id,
        {{ customer_engagement.try_cast('period_end', 'date') }} as period_end
        {%- for metric, facts in holder.metrics.items() %},
        {{ customer_engagement.try_number(facts.column) }} as {{ metric }}
        {%- endfor %}
    from {{ customer_engagement.entry_relation(holder) }}
{%- endmacro %}

{#
    Pre-hook of int_engagement__custom_metrics: each model has the columns that it must have, one row per customer
    and period_end, and numbers. What is wrong stops the run before anything is scored.
#}
{% macro check_custom_metrics() -%}
    {%- if execute -%}
        {%- for holder in customer_engagement.custom_metric_models() -%}
            {%- set relation = customer_engagement.entry_relation(holder) -%}
            {%- set columns = [] -%}
            {%- for column in adapter.get_columns_in_relation(relation) -%}
                {%- do columns.append(column.name | lower) -%}
            {%- endfor -%}
            {%- for column in ['customer_id', 'period_end'] if column not in columns -%}
                {%- do customer_engagement.raise_missing_column(holder.where_set, holder, column, columns) -%}
            {%- endfor -%}
            {%- for facts in holder.metrics.values() if facts.column | lower not in columns -%}
                {%- do customer_engagement.raise_missing_column(facts.where_set, holder, facts.column, columns) -%}
            {%- endfor -%}
            {%- set rows = '(' ~ customer_engagement.custom_metric_rows(holder) ~ ') as given' -%}
            {%- do customer_engagement.check_custom_metric_keys(holder, rows) -%}
            {%- do customer_engagement.check_custom_metric_numbers(holder, relation) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro raise_missing_column(where_set, holder, column, columns) -%}
    {%- do customer_engagement.raise_input_error(
        where_set,
        'the model ' ~ holder.ref[-1] ~ " has no column '" ~ column ~ "'",
        'it needs customer_id, period_end and the column of each metric; it has '
        ~ columns | join(', ')
    ) -%}
{%- endmacro %}

{% macro check_custom_metric_keys(holder, rows) -%}
    {%- set grain = 'one row per customer_id and period_end' -%}
    {%- set repeated = run_query(
        'select customer_id, period_end, count(*) from ' ~ rows
        ~ ' group by customer_id, period_end'
        ~ ' having count(*) > 1 or customer_id is null or period_end is null'
        ~ ' order by customer_id, period_end limit 1'
    ).rows -%}
    {%- if repeated | length > 0 -%}
        {%- set customer_id, period_end, found = repeated[0][0], repeated[0][1], repeated[0][2] -%}
        {%- if customer_id is none or period_end is none -%}
            {%- set problem = 'the model ' ~ holder.ref[-1] ~ ' has rows without a '
                ~ ('customer_id' if customer_id is none else 'period_end that can be read as a date') -%}
        {%- else -%}
            {%- set problem = 'the model ' ~ holder.ref[-1] ~ ' has ' ~ found ~ ' rows of customer '
                ~ customer_id ~ ' on ' ~ period_end -%}
        {%- endif -%}
        {%- do customer_engagement.raise_input_error(
            holder.where_set, problem, 'give the model ' ~ grain ~ ', neither of them NULL'
        ) -%}
    {%- endif -%}
    {%- set known = run_query(
        'select count(*), count(customers.customer_id), min(given.customer_id) from ' ~ rows
        ~ ' left join ' ~ ref('int_engagement__customer_scope') ~ ' as customers'
        ~ ' on given.customer_id = customers.customer_id'
    ).rows[0] -%}
    {%- if known[0] > 0 and known[1] == 0 -%}
        {%- do customer_engagement.raise_input_error(
            holder.where_set,
            'nobody in the model ' ~ holder.ref[-1] ~ ' is a customer who is scored (its first is '
            ~ known[2] ~ ')',
            "take customer_id as the marts have it, after identities are merged; who has another id is found in "
            ~ "ref('customer_engagement', 'int_engagement__identity_map')"
        ) -%}
    {%- endif -%}
    {%- set periods = ref('int_engagement__scoring_periods') -%}
    {%- set found = run_query(
        'select count(*), sum(case when periods.period_end is not null then 1 else 0 end),'
        ~ ' max(given.period_end), max(span.last_day) from ' ~ rows
        ~ ' cross join (select min(period_start) as first_day, max(period_end) as last_day from '
        ~ periods ~ ') as span left join ' ~ periods ~ ' as periods'
        ~ ' on given.period_end = periods.period_end'
        ~ ' where given.period_end between span.first_day and span.last_day'
    ).rows[0] -%}
    {%- if found[0] > 0 and found[1] == 0 -%}
        {%- do customer_engagement.raise_input_error(
            holder.where_set,
            'none of the ' ~ found[0] ~ ' rows of the model ' ~ holder.ref[-1]
            ~ " falls on a period_end (its last is of " ~ found[2] ~ ', the last period ends on '
            ~ found[3] ~ ')',
            "take period_end from ref('customer_engagement', 'int_engagement__scoring_periods')"
        ) -%}
    {%- endif -%}
{%- endmacro %}

{% macro check_custom_metric_numbers(holder, relation) -%}
    {%- for metric, facts in holder.metrics.items() -%}
        {%- set wrong = run_query(
            'select count(*), min(' ~ customer_engagement.as_text(facts.column) ~ ') from '
            ~ relation ~ ' where ' ~ facts.column ~ ' is not null and '
            ~ customer_engagement.try_number(facts.column) ~ ' is null'
        ).rows[0] -%}
        {%- if wrong[0] > 0 -%}
            {%- do customer_engagement.raise_input_error(
                facts.where_set,
                'column ' ~ facts.column ~ ' of the model ' ~ holder.ref[-1] ~ ' has '
                ~ wrong[0] ~ ' values that are no numbers below 1e12 in size, such as '
                ~ wrong[1],
                'give numbers, and NULL where there is none'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{# Words that SQL keeps for itself are known to the engine alone: asked at the run's start. #}
{% macro check_custom_metric_words() -%}
    {%- for metric, facts in customer_engagement.custom_metrics().items()
        if execute and customer_engagement.is_reserved_word(metric) -%}
        {%- do customer_engagement.raise_input_error(
            facts.where_set, 'SQL keeps that word for itself', 'give the metric another name'
        ) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro is_reserved_word(name) -%}
    {{ return(adapter.dispatch('is_reserved_word', 'customer_engagement')(name)) }}
{%- endmacro %}

{% macro default__is_reserved_word(name) -%}
    {{ return(false) }}
{%- endmacro %}

{% macro duckdb__is_reserved_word(name) -%}
    {%- set found = run_query(
        "select count(*) from duckdb_keywords() where keyword_name = '" ~ name
        ~ "' and keyword_category = 'reserved'"
    ) -%}
    {{ return(found.columns[0].values()[0] > 0) }}
{%- endmacro %}

{#
    The own metrics that a stored table has already: a metric that was added since has no value
    there to compare with, and everything is computed again in any case.
#}
{% macro stored_custom_metrics(relation) -%}
    {%- set metrics = customer_engagement.custom_metrics().keys() | list -%}
    {%- if not relation or not metrics -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set stored = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) if column.name in metrics -%}
        {%- do stored.append(column.name) -%}
    {%- endfor -%}
    {{ return(stored) }}
{%- endmacro %}

{#
    Pre-hook, before the transaction, of the tables that keep a column for each metric: an own metric
    that was added gets one, and one that was taken out loses it. All of their rows are about to be
    computed again, since the variable is among the settings. The model's YAML names the other columns.
#}
{% macro fit_custom_metrics() -%}
    {%- if execute and is_incremental() and model.columns -%}
        {%- set metrics = customer_engagement.custom_metrics().keys() | list -%}
        {%- set stored = [] -%}
        {%- for column in adapter.get_columns_in_relation(this) -%}
            {%- do stored.append(column.name) -%}
        {%- endfor -%}
        {%- for metric in metrics if metric not in stored %}
            alter table {{ this }} add column {{ metric }} double;
        {%- endfor -%}
        {%- for column in stored if column not in metrics and column not in model.columns %}
            alter table {{ this }} drop column {{ column }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
