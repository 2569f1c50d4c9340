{#
    The entries of one canonical input, from the variable `engagement_inputs`, checked.

    Returns a list of {label, origin, source/ref/relation, columns, where}: `label` names the entry
    in the audit, `columns` maps canonical columns to SQL expressions (the preset's, overridden by the
    entry's own). Without `engagement_inputs` the demo company's seed is the one entry.

    Everything that can be known without a database is checked here, so that a wrong setting stops
    the parse. What an entry's columns are is only known at run time: see check_inputs.
#}
{% macro input_entries(input) -%}
    {{ return(customer_engagement.entries_of(customer_engagement.checked_engagement_inputs(), input)) }}
{%- endmacro %}

{# The same of the checked variable, for those who read several inputs: checking costs. #}
{% macro entries_of(settings, input) -%}
    {%- if settings is none -%}
        {{ return([{
            'label': 'demo_' ~ input,
            'where_set': 'the demo company',
            'ref': ['demo_' ~ input],
            'columns': {},
        }]) }}
    {%- endif -%}
    {{ return(settings.get(input, [])) }}
{%- endmacro %}

{% macro checked_engagement_inputs() -%}
    {%- set settings = var('engagement_inputs', none) -%}
    {%- if settings is none -%}
        {%- if project_name != 'customer_engagement' -%}
            {%- do customer_engagement.raise_input_error(
                'engagement_inputs',
                "the variable is not set, so there is nothing to score",
                "in dbt_project.yml, under vars, map at least `interactions`: "
                ~ "engagement_inputs: {interactions: [{source: events.tracks, "
                ~ "columns: {customer_id: user_id, activity_type: event, occurred_at: timestamp}}]}"
            ) -%}
        {%- endif -%}
        {{ return(none) }}
    {%- endif -%}

    {%- set inputs = customer_engagement.canonical_inputs() -%}
    {%- if settings is not mapping -%}
        {%- do customer_engagement.raise_input_error(
            'engagement_inputs',
            'it must map inputs to lists of entries, found ' ~ settings,
            'accepted inputs: ' ~ inputs.keys() | join(', ')
        ) -%}
    {%- endif -%}
    {%- set checked = {} -%}
    {%- for input, entries in settings.items() -%}
        {%- if input not in inputs -%}
            {%- do customer_engagement.raise_input_error(
                'engagement_inputs.' ~ input,
                'unknown input',
                'accepted inputs: ' ~ inputs.keys() | join(', ')
            ) -%}
        {%- endif -%}
        {%- if entries is none or entries is string or entries is mapping or entries is not iterable -%}
            {%- do customer_engagement.raise_input_error(
                'engagement_inputs.' ~ input,
                'it must be a list of entries, found ' ~ entries,
                'write each entry as a list item: `- source: segment.tracks`'
            ) -%}
        {%- endif -%}
        {%- set checked_entries = [] -%}
        {%- set labels = [] -%}
        {%- for entry in entries -%}
            {%- set checked_entry = customer_engagement.checked_entry(
                input, entry, 'engagement_inputs.' ~ input ~ '[' ~ loop.index0 ~ ']'
            ) -%}
            {%- if checked_entry.label in labels -%}
                {%- do customer_engagement.raise_input_error(
                    checked_entry.where_set,
                    "the label '" ~ checked_entry.label ~ "' is used by an entry before it",
                    'give one of them a `name` of its own'
                ) -%}
            {%- endif -%}
            {%- do labels.append(checked_entry.label) -%}
            {%- do checked_entries.append(checked_entry) -%}
        {%- endfor -%}
        {%- do checked.update({input: checked_entries}) -%}
    {%- endfor -%}
    {%- if not checked.get('interactions') -%}
        {%- do customer_engagement.raise_input_error(
            'engagement_inputs.interactions',
            'the one input that is required has no entry',
            'map at least customer_id, activity_type and occurred_at of one relation'
        ) -%}
    {%- endif -%}
    {{ return(checked) }}
{%- endmacro %}

{# One entry, checked and completed by its preset. `where_set` says where it is set, for messages. #}
{% macro checked_entry(input, entry, where_set) -%}
    {%- set accepted_keys = ['source', 'ref', 'relation', 'name', 'preset', 'columns', 'where'] -%}
    {%- if entry is not mapping -%}
        {%- do customer_engagement.raise_input_error(
            where_set, 'an entry must be a mapping, found ' ~ entry,
            'accepted keys: ' ~ accepted_keys | join(', ')
        ) -%}
    {%- endif -%}
    {%- for key in entry -%}
        {%- if key not in accepted_keys -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "unknown key '" ~ key ~ "'", 'accepted keys: ' ~ accepted_keys | join(', ')
            ) -%}
        {%- endif -%}
        {%- if key != 'columns' and entry[key] is not string -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "'" ~ key ~ "' must be text, found " ~ entry[key],
                'put the value in quotation marks'
            ) -%}
        {%- endif -%}
    {%- endfor -%}

    {%- set origins = [] -%}
    {%- for key in ['source', 'ref', 'relation'] if entry.get(key) -%}
        {%- do origins.append(key) -%}
    {%- endfor -%}
    {%- if origins | length != 1 -%}
        {%- do customer_engagement.raise_input_error(
            where_set,
            'it must have exactly one of source, ref and relation, found '
            ~ (origins | join(' and ') or 'none'),
            'source: schema_name.table, ref: model or project.model, relation: SQL that the engine reads'
        ) -%}
    {%- endif -%}
    {%- set origin = origins[0] -%}
    {%- set parts = entry[origin].split('.') -%}
    {%- do customer_engagement.check_no_credentials(where_set, entry) -%}
    {%- set label = customer_engagement.label_of_entry(entry, origin, where_set) -%}
    {%- if origin == 'source' and parts | length != 2 -%}
        {%- do customer_engagement.raise_input_error(
            where_set, "source '" ~ entry.source ~ "' is not of the form source_name.table_name",
            'write it as in {{ source() }}, with a dot between: segment.tracks'
        ) -%}
    {%- endif -%}
    {%- if origin == 'ref' and parts | length > 2 -%}
        {%- do customer_engagement.raise_input_error(
            where_set, "ref '" ~ entry.ref ~ "' is not a model's name",
            'write model, or project.model'
        ) -%}
    {%- endif -%}

    {%- set canonical = customer_engagement.canonical_inputs()[input] -%}
    {%- set accepted_columns = canonical.required.keys() | list + canonical.optional.keys() | list -%}
    {%- set columns = {} -%}
    {%- set filters = [] -%}
    {%- if entry.get('preset') -%}
        {%- set presets = customer_engagement.engagement_presets() -%}
        {%- set fitting = [] -%}
        {%- for name in presets if presets[name] == input -%}
            {%- do fitting.append(name) -%}
        {%- endfor -%}
        {%- if entry.preset not in fitting -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "unknown preset '" ~ entry.preset ~ "' for " ~ input,
                'accepted presets: ' ~ (fitting | join(', ') or 'none')
            ) -%}
        {%- endif -%}
        {%- set preset = customer_engagement.labelled_preset(entry.preset, where_set) -%}
        {%- do columns.update(preset.columns) -%}
        {%- if preset.where -%}
            {%- do filters.append(preset.where) -%}
        {%- endif -%}
    {%- endif -%}
    {%- set own_columns = entry.get('columns', {}) -%}
    {%- if own_columns is not mapping -%}
        {%- do customer_engagement.raise_input_error(
            where_set, "'columns' must map canonical columns to SQL expressions, found " ~ own_columns,
            'accepted columns: ' ~ accepted_columns | join(', ')
        ) -%}
    {%- endif -%}
    {%- for column, expression in own_columns.items() -%}
        {%- if column not in accepted_columns -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "unknown column '" ~ column ~ "' for " ~ input,
                'accepted columns: ' ~ accepted_columns | join(', ')
            ) -%}
        {%- endif -%}
        {%- if expression is not string or not expression | trim -%}
            {%- do customer_engagement.raise_input_error(
                where_set, "the expression of column '" ~ column ~ "' must be text, found " ~ expression,
                "a constant is SQL too, in quotation marks of its own: \"'web'\""
            ) -%}
        {%- endif -%}
        {%- do columns.update({column: expression}) -%}
    {%- endfor -%}
    {%- if entry.get('where') -%}
        {%- do filters.append(entry.where) -%}
    {%- endif -%}

    {{ return({
        'label': label,
        'where_set': where_set ~ (' (' ~ label | truncate(60) ~ ')' if label not in where_set else ''),
        'preset': entry.get('preset'),
        origin: entry.relation if origin == 'relation' else parts,
        'columns': columns,
        'where': '(' ~ filters | join(') and (') ~ ')' if filters else none,
    }) }}
{%- endmacro %}

{#
    What an entry is called in the audit and in messages: its name, else its source or ref. The text of
    a relation is never a label, since it may hold secrets: such an entry is called by the name of the
    file that it reads, else (a folder of files, a query) by its place.
#}
{% macro label_of_entry(entry, origin, where_set) -%}
    {%- if entry.get('name') or origin != 'relation' -%}
        {{ return(entry.get('name') or entry[origin]) }}
    {%- endif -%}
    {%- set paths = modules.re.findall("(?i)^\\s*(?:read|parquet)_\\w+\\s*\\(\\s*'((?:[^'?#@]|'')*)'", entry.relation) -%}
    {%- set file = paths[0].replace("''", "'").replace('\\', '/').split('/')[-1] if paths else '' -%}
    {{ return(file if file and '*' not in file else where_set.split('.', 1)[1]) }}
{%- endmacro %}

{#
    Refuses a relation that holds a password: SQL is written into the database's views, target/ and
    logs, where everybody can read it.
#}
{% macro check_no_credentials(where_set, entry) -%}
    {%- set signs = "(?i)(password|passwd|pwd|secret|secret_access_key|access_key|api_?key|token|signature|sig)\\s*=\\s*[^\\s=]|://[^/\\s:@']+:[^/\\s@']+@|X-Amz-" -%}
    {%- if entry.get('relation') and modules.re.search(signs, entry.relation) -%}
        {%- do customer_engagement.raise_input_error(
            where_set,
            "the relation seems to hold a password or key, and SQL is written into the database's views, target/ and logs",
            "attach the database or create a secret in profiles.yml, with env_var('DBT_ENV_SECRET_...'), and name only the table here (docs/inputs.md, Passwords)"
        ) -%}
    {%- endif -%}
{%- endmacro %}

{# Every message about an input reads the same: where it is set, what is wrong, what to do. #}
{% macro raise_input_error(where_set, problem, remedy) -%}
    {%- do exceptions.raise_compiler_error(where_set ~ ': ' ~ problem ~ '. To fix it: ' ~ remedy ~ '.') -%}
{%- endmacro %}

{# The relation that an entry reads, as SQL. Called for every entry at parse time, it keeps lineage. #}
{% macro entry_relation(entry) -%}
    {%- if entry.source -%}
        {{ return(source(entry.source[0], entry.source[1])) }}
    {%- elif entry.ref and entry.ref | length == 2 -%}
        {{ return(ref(entry.ref[0], entry.ref[1])) }}
    {%- elif entry.ref -%}
        {{ return(ref(entry.ref[0])) }}
    {%- endif -%}
    {{ return(entry.relation) }}
{%- endmacro %}
