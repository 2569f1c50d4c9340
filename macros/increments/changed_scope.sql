{# Before every date, and after every date. #}
{% macro first_date() -%} date '0001-01-01' {%- endmacro %}
{% macro last_date() -%} date '9999-12-31' {%- endmacro %}

{#
    Pre-hooks of a table by customer and period that is built by increments: they remove, in the
    transaction that adds the new rows, what is about to be built again, and the periods that are no
    longer there. `scope` has customer_id, and the first and the last day, in columns named
    `prefix`_from and `prefix`_until; `day` is the table's column that they are held against. Without
    has_end all that follows goes too: for what looks back.
#}
{% macro delete_scope(scope, prefix, day='period_end', has_end=true) -%}
    {%- if is_incremental() %}
    -- The first condition says nothing new, and lets the engine pass over all other customers.
    delete from {{ this }}
    where
        customer_id in (select customer_id from {{ ref(scope) }})
        and exists (
            select 1
            from {{ ref(scope) }} as scope
            where
                scope.customer_id = {{ this.identifier }}.customer_id
                and scope.{{ prefix }}_from <= {{ this.identifier }}.{{ day }}
                {%- if has_end %}
                and scope.{{ prefix }}_until >= {{ this.identifier }}.{{ day }}
                {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}

{# `is_there`: what tells of a row of int_engagement__scoring_periods whether the table has the period. #}
{% macro delete_other_periods(is_there='is_scored', day='period_end') -%}
    {%- if is_incremental() %}
    delete from {{ this }}
    where {{ day }} not in (
        select period_end from {{ ref('int_engagement__scoring_periods') }} where {{ is_there }}
    )
    {%- endif -%}
{%- endmacro %}

{#
    Pre-hook of the same tables: built from nothing, they need everybody. A run that computes only
    what changed cannot give them that.
#}
{% macro require_everything() -%}
    {%- if execute and not is_incremental()
        and run_query('select count(*) from ' ~ ref('int_engagement__changed_days')
            ~ ' where customer_id is null and changed_on is null').rows[0][0] == 0 -%}
        {%- do exceptions.raise_compiler_error(
            this.identifier ~ ' cannot be built from nothing alone: this run computes only what '
            ~ 'changed. Build all of it: dbt build --full-refresh. Your tables stay as they are.'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#
    Whether anybody's score of a period is computed again: what is told of all is, too. Without
    has_end all that follows is, too: for what is held against the period before.
#}
{% macro is_rescored_period(period_end, has_end=true) -%}
    {{ period_end }} >= (select min(rescored_from) from {{ ref('int_engagement__rescored_customers') }})
    {%- if has_end %}
        and {{ period_end }} <= (select max(rescored_until) from {{ ref('int_engagement__rescored_customers') }})
    {%- endif %}
{%- endmacro %}

{# The pre-hook of a table by period_end and not by customer. #}
{% macro delete_rescored_periods(has_end=true) -%}
    {%- if is_incremental() %}
    delete from {{ this }}
    where {{ customer_engagement.is_rescored_period('period_end', has_end) }}
    {%- endif -%}
{%- endmacro %}
