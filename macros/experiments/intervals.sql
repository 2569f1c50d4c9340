{#
    The 0.975 quantile of Student's t for these degrees of freedom, for two-sided 95% intervals: the
    expansion 26.7.5 of Abramowitz and Stegun around the normal quantile. From 4 degrees of freedom on
    it is right to a thousandth; for 1 it gives 11.3 instead of 12.7, for 2 4.27 instead of 4.30.
#}
{% macro t_quantile(degrees) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set terms = [
        (z ** 3 + z) / 4,
        (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
        (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
        (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
    ] -%}
    {{ z }}
    {%- for term in terms %}
    + {{ term }} / power(cast({{ degrees }} as double), {{ loop.index }})
    {%- endfor %}
{%- endmacro %}

{#
    Half the width of the 95% interval of a mean from exact sums of values and squares; NULL for
    fewer than two values.
#}
{% macro half_width_of_sums(n, y, yy) -%}
case
    when {{ n }} > 1
        then ({{ customer_engagement.t_quantile('(' ~ n ~ ' - 1)') }})
            * sqrt(greatest({{ yy }} - {{ y }} * {{ y }} / {{ n }}, 0) / ({{ n }} - 1) / {{ n }})
end
{%- endmacro %}
