-- What separates high from low scorers beyond what the score is made of, and what is weighed and
-- does not.
select
    driver,
    driver_type,
    is_in_score,
    result,
    round(effect_size, 2) as effect_size,
    round(effect_size_lower, 2) as effect_size_lower,
    round(effect_size_upper, 2) as effect_size_upper,
    round(mean_value, 2) as mean_of_high,
    round(other_mean_value, 2) as mean_of_low,
    round(adjusted_p_value, 4) as adjusted_p_value
from {{ ref('engagement_drivers') }}
where
    segment_column = 'all'
    and effect_size is not null
order by
    driver_type asc,
    abs(effect_size) desc,
    driver asc
