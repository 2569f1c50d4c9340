{# A score above this is good: the KPI share_good and the segments' good customers. #}
{% macro good_score() -%} {{ return(var('good_score', 70)) }} {%- endmacro %}

{# A score from this on means engaged, where a score model has no bands that say it. #}
{% macro engaged_score() -%} {{ return(var('engaged_score', 60)) }} {%- endmacro %}
