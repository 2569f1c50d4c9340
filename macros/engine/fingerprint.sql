{#
    A number that distinguishes one content from another: equal values, NULLs among them, give the same, and
    others do but once in 2^64. Sums of it compare sets of rows whatever their order. It need not
    be the same in the next version of the engine: then everything is computed again, once.
#}
{% macro fingerprint(expressions) -%}
    {{ return(adapter.dispatch('fingerprint', 'customer_engagement')(expressions)) }}
{%- endmacro %}

{% macro default__fingerprint(expressions) -%}
    xxhash64({{ expressions | join(', ') }})
{%- endmacro %}

{% macro duckdb__fingerprint(expressions) -%}
    hash({{ expressions | join(', ') }})
{%- endmacro %}

{# The exact sum of fingerprints. #}
{% macro fingerprint_sum(expression) -%}
    {{ return(adapter.dispatch('fingerprint_sum', 'customer_engagement')(expression)) }}
{%- endmacro %}

{% macro default__fingerprint_sum(expression) -%}
    sum(cast({{ expression }} as decimal(38, 0)))
{%- endmacro %}

{% macro duckdb__fingerprint_sum(expression) -%}
    sum(cast({{ expression }} as hugeint))
{%- endmacro %}

{# One of 256 parts into which customers are divided, so that a late row touches a part of its day. #}
{% macro customer_bucket(customer_id) -%}
    {{ return(adapter.dispatch('customer_bucket', 'customer_engagement')(customer_id)) }}
{%- endmacro %}

{% macro default__customer_bucket(customer_id) -%}
    cast(pmod(xxhash64({{ customer_id }}), 256) as {{ dbt.type_int() }})
{%- endmacro %}

{% macro duckdb__customer_bucket(customer_id) -%}
    cast(hash({{ customer_id }}) % 256 as {{ dbt.type_int() }})
{%- endmacro %}

{# The type of such a sum. #}
{% macro type_fingerprint_sum() -%}
    {{ return(adapter.dispatch('type_fingerprint_sum', 'customer_engagement')()) }}
{%- endmacro %}

{% macro default__type_fingerprint_sum() -%}
    {{ return('decimal(38, 0)') }}
{%- endmacro %}

{% macro duckdb__type_fingerprint_sum() -%}
    {{ return('hugeint') }}
{%- endmacro %}
