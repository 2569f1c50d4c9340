{#
    How presets read a column of a vendor, whatever its type: as a warehouse or Parquet has it, or
    as text (`all_varchar`, JSON as text). None of these raises, and none loses a value: what cannot
    be read is returned as the text that it was, on which staging sets the row aside.

    `preset_column` puts the mark before a column's name where the error of an engine would look for
    it; `labelled_preset` writes there which entry, preset and column it is.
#}
{% macro preset_column(column) -%}
    {{ return('/* preset */ ' ~ column) }}
{%- endmacro %}

{# A column as text, trimmed; blank is NULL. #}
{% macro preset_text(column) -%}
    {{ return(customer_engagement.as_text(customer_engagement.preset_column(column)) | trim) }}
{%- endmacro %}

{# The first of several columns that is not blank, as text. #}
{% macro preset_first_text(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append(customer_engagement.preset_text(column)) -%}
    {%- endfor -%}
    {{ return('coalesce(' ~ texts | join(', ') ~ ')') }}
{%- endmacro %}

{#
    A column as a boolean: NULL where it is blank, and where it cannot be read. The texts are spelled
    out, since engines differ in those that they cast.
#}
{% macro preset_flag(column) -%}
    {%- set text = 'lower(' ~ customer_engagement.preset_text(column) ~ ')' -%}
    {{ return(
        "case when " ~ text ~ " in ('true', 't', 'yes', 'y', '1', '1.0') then true"
        ~ " when " ~ text ~ " in ('false', 'f', 'no', 'n', '0', '0.0') then false end"
    ) }}
{%- endmacro %}

{# A column for a canonical flag: true, false (also where it is blank), or what cannot be read. #}
{% macro preset_flag_or_text(column) -%}
    {%- set flag = 'cast(' ~ customer_engagement.preset_flag(column)
        ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {{ return(
        'coalesce(' ~ flag ~ ', ' ~ customer_engagement.preset_text(column) ~ ", 'false')"
    ) }}
{%- endmacro %}

{#
    For flags that a preset filters by: their names and texts where they cannot be read, else NULL.
    Mapped as `is_automated`, it has the row set aside: whether a charge was a test is not guessed.
#}
{% macro preset_unreadable_flags(columns) -%}
    {%- set cases = [] -%}
    {%- for column in columns -%}
        {%- do cases.append(
            "case when (" ~ customer_engagement.preset_flag(column) ~ ") is null then "
            ~ dbt.concat(["'" ~ column ~ ": '", customer_engagement.preset_text(column)]) ~ " end"
        ) -%}
    {%- endfor -%}
    {{ return('coalesce(' ~ cases | join(', ') ~ ')') }}
{%- endmacro %}

{# A text that counts parts of a unit (cents, milliseconds) as the text of a number in units. #}
{% macro preset_number_in_units(text, parts) -%}
    {%- set number = customer_engagement.try_cast(text, customer_engagement.type_of('number')) -%}
    {{ return(
        'coalesce(cast(' ~ number | trim ~ ' / ' ~ parts ~ ' as ' ~ dbt.type_string() ~ '), '
        ~ text ~ ')'
    ) }}
{%- endmacro %}

{#
    A text that counts from 1970-01-01 00:00 UTC, in microseconds. `unit` is what it counts:
    milliseconds, microseconds, or "seconds or milliseconds", which differ by their size:
    100,000,000,000 seconds are the year 5138, and as many milliseconds the year 1973.

    A double holds the microseconds of any date near ours to the last one, and does not overflow.
    A decimal of over 18 digits would do too, but DuckDB takes 150 times as long to read one.
#}
{% macro preset_epoch_micros(text, unit) -%}
    {%- if unit == 'microseconds' -%}
        {{ return(customer_engagement.try_cast(text, 'bigint') | trim) }}
    {%- endif -%}
    {%- set number = customer_engagement.try_cast(text, 'double') | trim -%}
    {%- set micros = {
        'milliseconds': '1000',
        'seconds or milliseconds':
            'case when abs(' ~ number ~ ') < 100000000000 then 1000000 else 1000 end',
    }[unit] -%}
    {{ return(
        customer_engagement.try_cast('round(' ~ number ~ ' * ' ~ micros ~ ')', 'bigint') | trim
    ) }}
{%- endmacro %}

{# The same as the text of a time in UTC, or what it was where it is no such count. #}
{% macro preset_time_of_epoch(text, unit) -%}
    {%- set time = customer_engagement.epoch_micros_to_timestamp(
        customer_engagement.preset_epoch_micros(text, unit)
    ) | trim -%}
    {{ return('coalesce(cast(' ~ time ~ ' as ' ~ dbt.type_string() ~ '), ' ~ text ~ ')') }}
{%- endmacro %}

{# A time as one text whatever its type and zone, to be part of an id. #}
{% macro preset_time_in_id(column) -%}
    {%- set time = customer_engagement.to_utc(customer_engagement.preset_column(column)) | trim -%}
    {{ return(
        'coalesce(cast(' ~ time ~ ' as ' ~ dbt.type_string() ~ '), '
        ~ customer_engagement.preset_text(column) ~ ')'
    ) }}
{%- endmacro %}

{#
    A load time, left out where a wrong device clock puts it before the event: `after_load` would
    reject the event. `loaded_order` and `time_order` are SQL for what can be compared of the two.
#}
{% macro preset_load_time(loaded, loaded_order, time_order) -%}
    {{ return(
        'case when ' ~ loaded_order ~ ' < ' ~ time_order ~ ' then null else ' ~ loaded ~ ' end'
    ) }}
{%- endmacro %}
