{#
    The grants of the marts under the target in use, for the config of each mart: from the variable
    `marts_grants`, which maps targets to dbt's grants. None for other targets.
#}
{% macro marts_grants() -%}
    {%- set grants = var('marts_grants', {}) -%}
    {%- set wrong = [] -%}
    {%- if grants is not mapping -%}
        {%- do wrong.append(grants) -%}
    {%- else -%}
        {%- for name, privileges in grants.items() -%}
            {%- if name is not string or privileges is not mapping -%}
                {%- do wrong.append(privileges) -%}
            {%- else -%}
                {%- for privilege, grantees in privileges.items() -%}
                    {%- if privilege is not string or grantees is string or grantees is mapping
                        or grantees is not iterable or not grantees or grantees | reject('string') | list
                        or not grantees | map('trim') | list | min -%}
                        {%- do wrong.append(grantees) -%}
                    {%- endif -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if wrong -%}
        {%- do customer_engagement.raise_variable_error(
            'marts_grants',
            'a mapping of targets to privileges, each with the list of those who have it, such as {prod: {select: [reporter]}}'
        ) -%}
    {%- endif -%}
    {{ return(grants.get(target.name, {})) }}
{%- endmacro %}
