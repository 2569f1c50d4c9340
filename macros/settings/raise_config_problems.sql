{#
    Post-hook of config_engagement__problems: stops the run with the list of problems. Everything
    that scores depends on that table, so nothing downstream is built. It runs after the commit: the
    table stays, so that it can be queried.
#}
{% macro raise_config_problems() %}
    {% if execute %}
        {% set most = 40 %}
        {% set problems = run_query(
            'select seed, row_key, problem from ' ~ this ~ ' order by seed, row_key, problem'
        ).rows %}
        {% if problems | length > 0 %}
            {% set lines = [] %}
            {% for row in problems[:most] %}
                {% do lines.append('  - ' ~ row[0] ~ ' [' ~ row[1] ~ ']: ' ~ row[2]) %}
            {% endfor %}
            {% if problems | length > most %}
                {% do lines.append('  ... and ' ~ (problems | length - most)
                    ~ ' more: select * from ' ~ this) %}
            {% endif %}
            {% do exceptions.raise_compiler_error(
                'The configuration seeds have ' ~ problems | length
                ~ (' problem' if problems | length == 1 else ' problems')
                ~ ', and nothing was scored. Fix the CSV files and run dbt build again.\n'
                ~ lines | join('\n')
                ~ customer_engagement.not_read_again(
                    customer_engagement.config_seed_specs().keys() | list
                )
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}
