{# Rows for which an SQL expression over the model's columns is not true; NULL fails too. #}
{% test expression_holds(model, expression) %}

select *
from {{ model }}
where not coalesce({{ expression }}, false)

{% endtest %}
