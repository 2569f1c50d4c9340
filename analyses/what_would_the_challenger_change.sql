-- The migration matrix of each challenger: who would stand in which band.
select
    challenger_model,
    challenger_version,
    champion_band,
    challenger_band,
    count(*) as customers,
    round(avg(score_difference), 2) as mean_difference
from {{ ref('engagement_what_if') }}
group by
    challenger_model,
    challenger_version,
    champion_band,
    challenger_band
order by
    challenger_model asc,
    challenger_version asc,
    customers desc
