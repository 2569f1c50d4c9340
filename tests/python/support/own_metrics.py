"""Own metrics of a made company, whose values change from load to load, in past periods too.

Two models in the project's folder: one over a file of what was known of customers from a day on,
one over the package's own table of days. Both are weighed by every version of the index.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from dbt_project import Project
from load_sequences import FIRST_DAY, INDEX, Load, Row, Rows
from made_company import filled
from worked_example import set_variables

MOOD = """
select
    notes.customer_id,
    periods.period_end,
    cast(notes.mood as double) as mood
from {{{{ ref('int_engagement__scoring_periods') }}}} as periods
inner join read_csv('{path}', header = true, all_varchar = true) as notes
    on periods.period_end >= cast(notes.noted_on as date)
qualify row_number() over (
    partition by notes.customer_id, periods.period_end order by notes.noted_on desc
) = 1
"""
VISITS = """
select
    days.customer_id,
    periods.period_end,
    sum(case when days.activity_type = 'website_visit' then 1 else 0 end) / count(*) as share
from {{ ref('int_engagement__scoring_periods') }} as periods
inner join {{ ref('int_engagement__customer_activity_days') }} as days
    on days.occurred_on between periods.period_end - 20 and periods.period_end
group by all
"""
ENTRIES = [
    {"metric": "mood", "ref": "own_mood", "dimension": "attitudinal", "maximum": 10},
    {"metric": "visits", "ref": "own_visits", "column": "share", "dimension": "behavioural"},
]


@dataclass
class OwnMetrics:
    """What is known of the customers now; each step changes some of it."""

    draw: Random
    notes: dict[tuple[str, date], int] = field(default_factory=dict)

    def step(self, load: Load) -> None:
        """Another load: values that are new, late, changed or gone, or nothing at all."""
        events = load.inputs["interactions"]
        people = sorted({row["customer_id"] for row in events if row["customer_id"]})
        days = sorted(row["occurred_at"][:10] for row in events if row["occurred_at"] > "2024")
        span = (date.fromisoformat(days[-len(days) // 10]) - FIRST_DAY).days
        times = self.draw.choice([0, 3, 8]) if self.notes else 2 * len(people)
        for _ in range(times):
            if self.notes and self.draw.random() < 0.3:
                self.notes.pop(self.draw.choice(sorted(self.notes)))
            day = FIRST_DAY + timedelta(days=self.draw.randint(0, max(span, 1)))
            self.notes[self.draw.choice(people), day] = self.draw.randint(0, 10)

    def write(self, project: Project, load: Load) -> None:
        """Models, the file that they read, the variable, and a weight in every version."""
        path = project.folder / "data/notes.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["customer_id", "noted_on", "mood"])
            writer.writerows([*key, mood] for key, mood in self.notes.items())
        (project.folder / "models/own_mood.sql").write_text(MOOD.format(path=path))
        (project.folder / "models/own_visits.sql").write_text(VISITS)
        set_variables(project, custom_metrics=ENTRIES)
        metrics = load.seeds["score_metrics"]
        versions = {row["version"]: None for row in metrics if row["score_model"] == INDEX}
        scaling = "percentile" if any(r["scaling"] == "percentile" for r in metrics) else "goal"
        own: Rows = [
            {
                "score_model": INDEX,
                "version": version,
                "metric": metric,
                "dimension": "attitudinal",
                "weight": 30,
                **scale,
            }
            for version in versions
            for metric, scale in self.scales(scaling)
        ]
        project.write_seed("score_metrics", filled([*metrics, *own]))

    def scales(self, scaling: str) -> list[tuple[str, Row]]:
        """By goal, or mood by percentile where the company has such scales."""
        mood = {"scaling": scaling, "goal": "" if scaling == "percentile" else 10}
        return [
            ("mood", {**mood, "missing": "rescale"}),
            ("visits", {"scaling": "goal", "goal": 1}),
        ]
