{#
    A variable that nothing reads is mostly a misspelt one, and its setting is silently lost.
    Where it must be ours, under vars: customer_engagement: or in this project itself, it stops the
    parse. In a project that installs the package it may be the project's own: that is a warning.
#}
{% macro check_unknown_variables() -%}
    {%- set known = customer_engagement.variable_names() -%}
    {%- set found = customer_engagement.variables_that_are_set() -%}
    {%- set mistakes = [] -%}
    {%- for name in found.of_package if name not in known -%}
        {%- do mistakes.append(customer_engagement.unknown_variable(name)) -%}
    {%- endfor -%}
    {%- set guesses = [] -%}
    {%- for name in found.of_project
        if name not in known and name not in found.of_package
        and (customer_engagement.nearest_variables(name) or customer_engagement.has_our_prefix(name)) -%}
        {%- do guesses.append(customer_engagement.unknown_variable(name)) -%}
    {%- endfor -%}
    {%- if project_name == 'customer_engagement' -%}
        {%- do mistakes.extend(guesses) -%}
    {%- elif guesses and execute -%}
        {%- do exceptions.warn(
            guesses | join('; ') ~ '. If it is a variable of your own project, ignore this warning.'
        ) -%}
    {%- endif -%}
    {%- if mistakes -%}
        {%- do exceptions.raise_compiler_error(
            mistakes | join('; ') ~ '. Correct or remove it under vars in dbt_project.yml, or in --vars.'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#
    The names of the variables that are set: of_package, under the name of this package; of_project,
    for all packages, on the command line too. dbt's own scopes for other packages are left out.
#}
{% macro variables_that_are_set() -%}
    {%- set of_package = [] -%}
    {%- set of_project = [] -%}
    {%- for given in [adapter.config.vars.to_dict(), adapter.config.cli_vars] -%}
        {%- for name, value in given.items() -%}
            {%- if name == 'customer_engagement' and value is mapping -%}
                {%- do of_package.extend(value.keys()) -%}
            {%- elif name is string -%}
                {%- do of_project.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return({'of_package': of_package | unique | list, 'of_project': of_project | unique | list}) }}
{%- endmacro %}

{% macro unknown_variable(name) -%}
    {%- set nearest = customer_engagement.nearest_variables(name) -%}
    {%- set alike = [] -%}
    {%- for known in customer_engagement.variable_names()
        if known.startswith(name.split('_')[0] ~ '_') -%}
        {%- do alike.append(known) -%}
    {%- endfor -%}
    {%- set accepted = alike or customer_engagement.variable_names() -%}
    {{ return(
        "variable '" ~ name ~ "' is not known, so its setting would do nothing: "
        ~ (
            'did you mean ' ~ nearest | join(' or ') ~ '?' if nearest
            else 'use one of ' ~ accepted | sort | join(', ')
        )
    ) }}
{%- endmacro %}

{# The beginnings that the names of our variables share, and hardly anybody else's. #}
{% macro has_our_prefix(name) -%}
    {{ return(modules.re.match('^(engagement|scoring|alert|suggestion|experiment|segment|rebuild|gaming)_', name) is not none) }}
{%- endmacro %}

{# The accepted names that are as near as any, and at most three letters away, fewer for short ones. #}
{% macro nearest_variables(name) -%}
    {%- set best = namespace(distance=[3, (name | length) // 4] | min, names=[]) -%}
    {%- for known in customer_engagement.variable_names()
        if (known | length - name | length) | abs <= best.distance -%}
        {%- set distance = customer_engagement.edit_distance(name | lower, known) -%}
        {%- if distance < best.distance or (distance == best.distance and not best.names) -%}
            {%- set best.distance = distance -%}
            {%- set best.names = [known] -%}
        {%- elif distance == best.distance -%}
            {%- do best.names.append(known) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(best.names) }}
{%- endmacro %}

{# How many letters must be added, removed or replaced to make one text of the other. #}
{% macro edit_distance(text, other) -%}
    {%- set row = namespace(distances=range(other | length + 1) | list) -%}
    {%- for letter in text -%}
        {%- set next = [loop.index] -%}
        {%- for distance in row.distances[1:] -%}
            {%- do next.append([
                distance + 1,
                next[loop.index0] + 1,
                row.distances[loop.index0] + (0 if letter == other[loop.index0] else 1),
            ] | min) -%}
        {%- endfor -%}
        {%- set row.distances = next -%}
    {%- endfor -%}
    {{ return(row.distances[-1]) }}
{%- endmacro %}
