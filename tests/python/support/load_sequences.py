"""A made company that goes on: its first load and the ones after, all drawn from one integer.

A load is what the input files and seeds hold at one time. Between two of them a mix of OPERATIONS
was done to them, which are what happens to data in life: late rows, copies, corrections, merged
ids, erased people, other settings. Nothing here knows how a model works.
"""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from dbt_project import ROOT, Project
from made_company import MadeCompany, Row, filled
from worked_example import set_variables

Rows = list[Row]

FIRST_DAY = date(2025, 1, 6)
# The published index, and its version to begin with.
INDEX = "index"

# What each input file has; the second one of interactions has neither ids nor load times.
COLUMNS: dict[str, tuple[str, ...]] = {
    "interactions": (
        "interaction_id", "customer_id", "activity_type", "occurred_at", "order_id", "session_id",
        "channel", "duration_seconds", "amount", "quantity", "is_automated", "loaded_at",
    ),
    "till": ("customer_id", "activity_type", "occurred_at", "amount", "quantity"),
    "customers": (
        "customer_id", "account_id", "signed_up_at", "is_internal", "is_erased", "plan", "region",
        "valid_from",
    ),
    "survey_responses": (
        "response_id", "customer_id", "survey_type", "rating", "responded_at", "comment",
    ),
    "identities": ("id", "customer_id", "valid_from"),
}  # fmt: skip
INPUT_OF = {name: "interactions" if name == "till" else name for name in COLUMNS}
# Comments are read by a library that need not be there.
HAS_LEXICON = importlib.util.find_spec("textblob") is not None

WEIGHTED = {
    "website_visit": 1, "email_click": 2, "product_session": 1.5, "purchase": 8, "refund": -4,
    "feature_use": 2, "referral": 5,
}  # fmt: skip
UNLISTED = ("webinar", "podcast")
ACTIVITIES = (
    *WEIGHTED, *UNLISTED, "website_visit", "website_visit", "product_page_view", "email_sent",
    "email_sent", "email_sent", "email_click", "app_download", "product_session", "social_like",
    "social_share", "support_ticket", "support_follow_up", "store_visit", "renewal", "cancellation",
    "review", "purchase",
)  # fmt: skip
METRICS: dict[str, Row] = {
    "interaction_frequency": {"scaling": "log_goal", "goal": 6},
    "active_days": {"scaling": "saturation", "goal": 5},
    "recency_days": {"lower": 60, "goal": 3},
    "interaction_depth": {"goal": 5},
    "time_spent": {"scaling": "log_goal", "goal": 20},
    "session_depth": {"goal": 3},
    "conversion_rate": {"goal": 0.3},
    "click_through_rate": {"goal": 0.5},
    "social_engagement": {"goal": 1},
    "purchase_frequency": {"goal": 2},
    "lifetime_value": {"scaling": "log_goal", "goal": 150},
    "average_order_value": {"goal": 40},
    "repeat_purchase_rate": {"goal": 1, "missing": "zero"},
    "basket_size": {"goal": 3},
    "churn": {"lower": 1, "goal": 0},
    "renewal_rate": {"goal": 1},
    "advocacy": {"goal": 0.7},
    "csat": {"goal": 1, "missing": "neutral"},
    "nps": {"goal": 10},
    "loyalty": {"goal": 1},
    "sentiment": {"lower": -1, "goal": 0.6},
}
SURVEYS = {"csat": 5, "nps": 10, "loyalty": 5}
COMMENTS = (
    "Great, it saves us an hour every day.",
    "Too slow, and the support is awful.",
    "It does the job.",
    "Not bad at all!",
    "Das hilft uns sehr.",
)
GEOMETRIC_SHARE = 0.33
WINDOWS = {"day": (14, 28, 45), "week": (28, 42, 91), "month": (30, 60, 90)}
VERSION_SEEDS = ("score_models", "score_metrics", "activity_weights", "score_bands")

# Only the history of loads can tell what these hold: a project built from nothing has none.
APPEND_ONLY = {"engagement_alerts", "engagement_restatements"}
# What was published when is in these, too.
LOAD_HISTORY = {
    "engagement_new_alerts",
    "engagement_published_settings",
    "engagement_score_changes",
}


@dataclass(frozen=True)
class Load:
    """What stands in the files when dbt runs, and how it came to stand there."""

    operations: tuple[str, ...]
    inputs: dict[str, Rows]
    seeds: dict[str, Rows]
    variables: dict[str, Any]
    # The run has to be told that a published version was edited on purpose.
    restates: bool

    def write(self, project: Project) -> None:
        """Writes everything into the project's folder."""
        self.write_inputs(project)
        for seed, rows in self.seeds.items():
            project.write_seed(seed, filled(rows))

    def write_inputs(self, project: Project) -> None:
        """Writes the files, and maps them."""
        entries: dict[str, list[Row]] = {}
        (project.folder / "data").mkdir(exist_ok=True)
        for name, rows in self.inputs.items():
            path = project.folder / f"data/{name}.csv"
            columns = [each for each in COLUMNS[name] if each != "comment" or HAS_LEXICON]
            with path.open("w", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
                writer.writeheader()
                writer.writerows(rows)
            relation = f"read_csv('{path}', all_varchar = true)"
            entries.setdefault(INPUT_OF[name], []).append({"name": name, "relation": relation})
        # Rows are taken away on purpose.
        set_variables(project, engagement_inputs=entries, max_lost_rows=1, **self.variables)


@dataclass(frozen=True)
class LoadSequence:
    """All loads of a company, and whether it is to be compared after each or the last only."""

    seed: int
    loads: tuple[Load, ...]
    compares_each: bool


@dataclass
class Company:
    """The state between two loads. Each operation changes it, or says that there was nothing to."""

    draw: Random
    variables: dict[str, Any]
    made: MadeCompany = field(
        default_factory=lambda: MadeCompany(inputs={name: [] for name in COLUMNS})
    )
    first_day: date = FIRST_DAY
    last_day: date = FIRST_DAY
    people: list[str] = field(default_factory=list)
    strays: list[date] = field(default_factory=list)
    has_ancient_row: bool = False
    restates: bool = False
    # The interactions that each load brought, as they were then.
    brought: list[Rows] = field(default_factory=list)
    new: Rows = field(default_factory=list)
    ids: int = 0

    @property
    def inputs(self) -> dict[str, Rows]:
        return self.made.inputs

    @property
    def seeds(self) -> dict[str, Rows]:
        return self.made.seeds

    def new_id(self, letter: str) -> str:
        self.ids += 1
        return f"{letter}{self.ids:05}"

    def some(self, rows: Rows, most: int) -> Rows:
        """At least one of them, if there is one."""
        return self.draw.sample(rows, min(len(rows), self.draw.randint(1, most)))

    def known(self) -> date:
        """A day of the time that the company knows."""
        return self.first_day + timedelta(self.draw.randint(0, self.span()))

    def span(self) -> int:
        return (self.last_day - self.first_day).days

    # --- rows ---

    def did(self, customer_id: str, day: date, activity_type: str | None = None) -> Row:
        """Adds something that somebody did, mostly with an id."""
        activity = activity_type or self.draw.choice(ACTIVITIES)
        moment = f"{day} {self.draw.randint(0, 23):02}:{self.draw.randint(0, 59):02}:07"
        row: Row = {"customer_id": customer_id, "activity_type": activity, "occurred_at": moment}
        if activity in ("purchase", "refund"):
            row["amount"] = f"{self.draw.randint(100, 9999) / 100:.2f}"
        if activity in ("purchase", "store_visit") and self.draw.random() < 0.4:
            self.inputs["till"].append({**row, "quantity": self.draw.randint(1, 4)})
            return row
        if self.draw.random() < 0.1:
            row["occurred_at"] = row["occurred_at"].replace(" ", "T") + "+02:00"
        row["interaction_id"] = self.new_id("i")
        row["loaded_at"] = f"{day + timedelta(days=1)} 06:00:00"
        if activity == "purchase":
            row["order_id"] = f"o{self.draw.randint(1, 9)}-{day}"
            row["quantity"] = self.draw.choice(["", 1, 2, 3])
        if activity in ("website_visit", "product_page_view", "product_session", "feature_use"):
            row["session_id"] = f"s{customer_id}-{day}"
            row["channel"] = self.draw.choice(["", "web", "android"])
        if activity == "product_session":
            row["duration_seconds"] = self.draw.randint(0, 3000)
        self.inputs["interactions"].append(row)
        self.new.append(dict(row))
        return row

    def live(self, first: date, days: int, people: Iterable[str], rate: float) -> None:
        """Days on which people do something now and then."""
        for customer_id in people:
            habit = rate * self.draw.choice([0.1, 0.6, 1, 1.5, 2])
            for offset in range(days):
                while self.draw.random() < min(habit, 0.7):
                    self.did(customer_id, first + timedelta(days=offset))

    def customer(self, customer_id: str) -> None:
        """Adds who somebody is: today's row, or one from a day on."""
        self.people.append(customer_id)
        row = {
            "customer_id": customer_id,
            "account_id": self.draw.choice(["", "acme", "initech"]),
            "plan": self.draw.choice(["free", "pro"]),
            "region": self.draw.choice(["north", "south", ""]),
        }
        if self.draw.random() < 0.5:
            row["signed_up_at"] = str(self.known() - timedelta(days=30))
        if self.draw.random() < 0.3:
            row["valid_from"] = str(self.known())
        self.inputs["customers"].append(row)

    def answered(self, day: date) -> None:
        survey_type = self.draw.choice(list(SURVEYS))
        self.inputs["survey_responses"].append(
            {
                "response_id": self.new_id("r"),
                "customer_id": self.draw.choice(self.people),
                "survey_type": survey_type,
                "rating": self.draw.randint(1, SURVEYS[survey_type]),
                "responded_at": f"{day} {self.draw.randint(0, 23):02}:30:00",
                "comment": self.draw.choice(["", *COMMENTS]),
            }
        )

    # --- seeds ---

    def of_version(self, seed: str, score_model: str, version: str) -> Rows:
        return [
            row
            for row in self.seeds[seed]
            if row["score_model"] == score_model and row["version"] == version
        ]

    def versions(self, *statuses: str) -> Rows:
        """The versions of the index that have one of the statuses."""
        rows = self.seeds["score_models"]
        return [row for row in rows if row["score_model"] == INDEX and row["status"] in statuses]

    def edit(self, version: Row) -> None:
        """Changes a weight, some points or a bound of a version."""
        key = version["score_model"], version["version"]
        seed = self.draw.choice(VERSION_SEEDS[1:])
        rows = self.of_version(seed, *key)
        if seed == "score_metrics":
            self.draw.choice(rows)["weight"] = self.draw.randint(10, 99)
        elif seed == "activity_weights":
            self.draw.choice(rows)["points"] = self.draw.randint(11, 99) / 10
        else:
            bound = max(rows, key=lambda row: float(row["lower_bound"]))
            bound["lower_bound"] = self.draw.randint(61, 89)

    def add_version(self, status: str, valid_from: date | None = None) -> Row:
        """A version of the index that is like its last one, but for something."""
        like = self.versions("champion", "challenger")[-1]
        numbers = [int(row["version"]) for row in self.seeds["score_models"]]
        changes = {"version": str(max(numbers) + 1)}
        for seed in VERSION_SEEDS:
            copies = [
                {**row, **changes} for row in self.of_version(seed, INDEX, str(like["version"]))
            ]
            self.seeds[seed] += copies
        added = self.seeds["score_models"][-1]
        added |= {"status": status, "valid_from": valid_from or ""}
        if self.draw.random() < 0.4:
            added["window_days"] = self.draw.choice(self.windows())
        self.edit(added)
        return added

    def windows(self) -> tuple[int, ...]:
        return WINDOWS[self.variables["scoring_grain"]]

    def free_day(self, first: date, last: date) -> date | None:
        """A day on which no version of the index begins."""
        taken = {str(row.get("valid_from")) for row in self.versions("champion", "retired")}
        day = first + timedelta(self.draw.randint(0, (last - first).days))
        return None if str(day) in taken else day


# An operation, and whether it could do anything.
Operation = Callable[[Company], bool]


# --- what is new ---


def new_days(company: Company) -> bool:
    days = company.draw.randint(1, 9)
    company.live(company.last_day + timedelta(days=1), days, company.people, 0.3)
    company.last_day += timedelta(days=days)
    company.did(company.draw.choice(company.people), company.last_day)
    return True


def new_customers(company: Company) -> bool:
    for _ in range(company.draw.randint(1, 3)):
        customer_id = company.new_id("c")
        company.customer(customer_id)
        if company.draw.random() < 0.7:
            company.did(customer_id, company.last_day)
    return True


def new_answers(company: Company) -> bool:
    for _ in range(company.draw.randint(1, 5)):
        company.answered(company.last_day - timedelta(company.draw.randint(0, 3)))
    return True


# --- what comes late ---


def late_rows(company: Company) -> bool:
    for _ in range(company.draw.randint(1, 8)):
        age = company.draw.randint(8, min(365, company.span()))
        company.did(company.draw.choice(company.people), company.last_day - timedelta(days=age))
    return True


def late_answers(company: Company) -> bool:
    for _ in range(company.draw.randint(1, 4)):
        company.answered(company.known())
    return True


def earlier_history(company: Company) -> bool:
    """The first period is another one from now on."""
    farthest = 20 if company.variables["scoring_grain"] == "day" else 200
    company.first_day -= timedelta(days=company.draw.randint(5, farthest))
    for _ in range(company.draw.randint(1, 12)):
        day = company.first_day + timedelta(days=company.draw.randint(0, 3))
        company.did(company.draw.choice(company.people), day)
    company.did(company.draw.choice(company.people), company.first_day)
    return True


# --- what comes again, otherwise, or no longer ---


def copies(company: Company) -> bool:
    for row in company.some(company.inputs["interactions"], 20):
        company.inputs["interactions"].append(dict(row))
    return True


def otherwise(company: Company, row: Row) -> Row:
    """The same id, and other content."""
    change: Row = company.draw.choice(
        [
            {"activity_type": company.draw.choice(ACTIVITIES)},
            {"amount": company.draw.randint(1, 500), "quantity": 2},
            {"occurred_at": f"{company.known()} 08:00:00"},
            {"duration_seconds": company.draw.randint(0, 9000)},
            {"session_id": f"other{company.draw.randint(0, 9)}", "channel": "kiosk"},
        ]
    )
    return {**row, **change}


def other_copies_loaded_earlier(company: Company) -> bool:
    for row in company.some(company.inputs["interactions"], 12):
        other = {**otherwise(company, row), "loaded_at": f"{row['occurred_at'][:10]} 23:59:59"}
        company.inputs["interactions"].append(other)
    return True


def other_copies_loaded_later(company: Company) -> bool:
    later = company.last_day + timedelta(days=2)
    for row in company.some(company.inputs["interactions"], 12):
        other = {**otherwise(company, row), "loaded_at": f"{later} 06:00:00"}
        company.inputs["interactions"].append(other)
    return True


def a_load_replayed(company: Company) -> bool:
    """In full, as it was then."""
    if len(company.inputs["interactions"]) > 4000:
        return False
    company.inputs["interactions"] += deepcopy(company.draw.choice(company.brought))
    return True


def rows_removed(company: Company) -> bool:
    for name in ("interactions", "till", "survey_responses"):
        gone = {id(row) for row in company.some(company.inputs[name], 10)}
        company.inputs[name] = [row for row in company.inputs[name] if id(row) not in gone]
    return True


def a_day_removed(company: Company) -> bool:
    day = str(company.known())
    kept = [r for r in company.inputs["interactions"] if not r["occurred_at"].startswith(day)]
    company.inputs["interactions"] = kept
    return True


def a_customer_removed(company: Company) -> bool:
    """And everything that names them, but for the identities."""
    if len(company.people) < 15:
        return False
    customer_id = company.people.pop(company.draw.randrange(len(company.people)))
    for name in ("interactions", "till", "survey_responses", "customers"):
        rows = company.inputs[name]
        company.inputs[name] = [row for row in rows if row.get("customer_id") != customer_id]
    return True


def rows_changed_in_place(company: Company) -> bool:
    for row in company.some(company.inputs["interactions"], 12):
        row |= otherwise(company, row)
    for row in company.some(company.inputs["till"], 2):
        row["amount"] = company.draw.randint(1, 500)
    for row in company.some(company.inputs["survey_responses"], 2):
        row["rating"] = company.draw.randint(1, 5)
    return True


def rows_of_other_customers(company: Company) -> bool:
    for row in company.some(company.inputs["interactions"], 5):
        row["customer_id"] = company.draw.choice(company.people)
    return True


def rejected_rows(company: Company) -> bool:
    faults: Rows = [
        {"occurred_at": "2025-13-41 10:00:00"},
        {"occurred_at": ""},
        {"customer_id": ""},
        {"activity_type": " "},
        {"duration_seconds": "-5"},
        {"is_automated": "true"},
        {"amount": "a lot"},
        {"loaded_at": str(FIRST_DAY - timedelta(days=1))},
    ]
    rows = company.inputs["interactions"]
    for fault in [faults[0], *company.draw.sample(faults[1:], 3)]:
        # Some of an id of their own, some of one that was accepted.
        row = company.draw.choice(rows)
        own = {"interaction_id": company.new_id("i")} if company.draw.random() < 0.5 else {}
        rows.append({**row, **own, **fault})
    company.answered(company.known())
    fault = company.draw.choice([{"rating": "99"}, {"survey_type": "pulse"}, {"rating": "so so"}])
    company.inputs["survey_responses"][-1] |= fault
    return True


def rows_mended(company: Company) -> bool:
    """What was rejected can be read from now on."""
    rows = company.inputs["interactions"]
    broken = [row for row in rows if "-13-" in row["occurred_at"]]
    for row in broken:
        row["occurred_at"] = f"{company.known()} 10:00:00"
    return bool(broken)


# --- what lies beyond the rest ---


def stray_rows_far_ahead(company: Company) -> bool:
    day = company.last_day + timedelta(days=company.draw.randint(40, 70))
    company.strays.append(day)
    company.did(company.draw.choice(company.people), day)
    return True


def stray_rows_connected(company: Company) -> bool:
    """New rows lead up to a stray one, which counts from now on."""
    ahead = [day for day in company.strays if day > company.last_day]
    if not ahead:
        return False
    while company.last_day < min(ahead):
        company.last_day = min(company.last_day + timedelta(days=10), min(ahead))
        for customer_id in company.draw.sample(company.people, 3):
            company.did(customer_id, company.last_day)
    return True


def an_ancient_row(company: Company) -> bool:
    if company.has_ancient_row:
        return False
    company.has_ancient_row = True
    company.did(company.draw.choice(company.people), FIRST_DAY - timedelta(days=1000))
    return True


# --- who is who ---


def merges(company: Company) -> bool:
    for _ in range(company.draw.randint(1, 3)):
        alias, customer_id = company.draw.sample(company.people, 2)
        row = {"id": company.draw.choice([alias, f"a{company.draw.randint(0, 5)}"])}
        row["customer_id"] = customer_id
        if company.draw.random() < 0.4:
            row["valid_from"] = str(company.known())
        company.inputs["identities"].append(row)
    return True


def unmerges(company: Company) -> bool:
    rows = company.inputs["identities"]
    for row in company.some(rows, 2):
        if company.draw.random() < 0.3:
            row["customer_id"] = company.draw.choice(company.people)
        else:
            rows.remove(row)
    return bool(rows)


def erasure(company: Company) -> bool:
    company.draw.choice(company.inputs["customers"])["is_erased"] = "true"
    return True


def erasure_revoked(company: Company) -> bool:
    erased = [row for row in company.inputs["customers"] if row.get("is_erased") == "true"]
    for row in erased[:2]:
        # A blank would say nothing: whoever was erased stays so until a row says otherwise.
        row["is_erased"] = "false"
    return bool(erased)


def internal_people(company: Company) -> bool:
    row = company.draw.choice(company.inputs["customers"])
    row["is_internal"] = "" if row.get("is_internal") else "true"
    return True


def attributes_added(company: Company) -> bool:
    for row in company.some(company.inputs["customers"], 4):
        change = {"plan": company.draw.choice(["free", "pro"]), "region": "east"}
        company.inputs["customers"].append({**row, **change, "valid_from": str(company.known())})
    return True


def attributes_changed(company: Company) -> bool:
    for row in company.some(company.inputs["customers"], 4):
        row["plan"] = "free" if row["plan"] == "pro" else "pro"
        row["signed_up_at"] = company.draw.choice(["", str(company.known())])
    return True


def attributes_removed(company: Company) -> bool:
    rows = company.inputs["customers"]
    rows.remove(company.draw.choice(rows))
    return True


# --- settings ---


def challenger_edited(company: Company) -> bool:
    challengers = company.versions("challenger")
    if challengers:
        company.edit(company.draw.choice(challengers))
    return bool(challengers)


def challenger_added(company: Company) -> bool:
    company.add_version("challenger")
    return True


def challenger_removed(company: Company) -> bool:
    challengers = company.versions("challenger")
    for row in challengers[:1]:
        for seed in VERSION_SEEDS:
            gone = company.of_version(seed, INDEX, row["version"])
            company.seeds[seed] = [each for each in company.seeds[seed] if each not in gone]
    return bool(challengers)


def challenger_promoted(company: Company) -> bool:
    challengers = company.versions("challenger")
    day = company.free_day(company.last_day - timedelta(days=10), company.last_day)
    if not challengers or not day:
        return False
    challengers[0] |= {"status": "champion", "valid_from": day}
    return True


def version_for_the_future(company: Company) -> bool:
    """Soon, so that it comes into force by some later load, or in years."""
    soon = company.last_day + timedelta(days=3)
    if company.draw.random() < 0.5:
        soon += timedelta(days=3000)
    day = company.free_day(soon, soon + timedelta(days=20))
    if day:
        company.add_version("champion", day)
    return bool(day)


def version_for_the_past(company: Company) -> bool:
    day = company.free_day(company.first_day, company.last_day)
    if day:
        company.add_version("champion", day)
    return bool(day)


def unpublished_version_edited(company: Company) -> bool:
    ahead = company.last_day + timedelta(days=1000)
    waiting = [v for v in company.versions("champion") if str(v["valid_from"]) > str(ahead)]
    for version in waiting:
        company.edit(version)
    return bool(waiting)


def published_version_edited(company: Company) -> bool:
    company.edit(company.versions("champion")[0])
    company.restates = True
    return True


def activity_types_changed(company: Company) -> bool:
    rows = company.seeds["activity_types"]
    listed = {row["activity_type"]: row for row in rows}
    what = company.draw.choice([*UNLISTED, "review", "feature_use", "product_session"])
    if what in UNLISTED and what not in listed:
        rows.append({"activity_type": what, "touchpoint": "offline", "role": "engagement"})
    elif what in (*UNLISTED, "review") and what in listed:
        rows.remove(listed[what])
    elif what == "product_session":
        listed[what]["value_basis"] = company.draw.choice(["count", "duration_seconds"])
        listed[what]["touchpoint"] = company.draw.choice(["app", "web", "social"])
    else:
        roles = ["conversion", "engagement", "follow_up", "referral"]
        listed["feature_use"]["role"] = company.draw.choice(roles)
    return True


def surveys_valid_for_other_times(company: Company) -> bool:
    row = company.draw.choice(company.seeds["survey_types"])
    row["valid_days"] = company.draw.randint(2, 200)
    return True


def override_added(company: Company) -> bool:
    taken = {row["customer_id"] for row in company.seeds["score_overrides"]}
    free = [each for each in company.people if each not in taken]
    first = company.known()
    last = first + timedelta(days=company.draw.randint(0, 60))
    score = company.draw.choice([-5, 12.5, 66, 120])
    company.made.override(company.draw.choice(free), INDEX, score, first, last)
    return True


def override_removed(company: Company) -> bool:
    rows = company.seeds["score_overrides"]
    if rows:
        rows.pop(company.draw.randrange(len(rows)))
        return True
    return False


def a_variable_changed(company: Company) -> bool:
    """A setting that no seed holds, which counts at once and for all periods."""
    variables = company.variables
    name = company.draw.choice(["detail_periods", "min_exposure_days", "strict_activity_types"])
    values: dict[str, list[Any]] = {
        "detail_periods": [1, 2, 3, 6],
        "min_exposure_days": [0, 3, 7, 14],
        "strict_activity_types": [True, False],
    }
    other = [value for value in values[name] if value != variables[name]]
    variables[name] = company.draw.choice(other)
    return True


def nothing(company: Company) -> bool:
    return True


OPERATIONS: list[Operation] = [
    new_days,
    new_customers,
    new_answers,
    late_rows,
    late_answers,
    earlier_history,
    copies,
    other_copies_loaded_earlier,
    other_copies_loaded_later,
    a_load_replayed,
    rows_removed,
    a_day_removed,
    a_customer_removed,
    rows_changed_in_place,
    rows_of_other_customers,
    rejected_rows,
    rows_mended,
    stray_rows_far_ahead,
    stray_rows_connected,
    an_ancient_row,
    merges,
    unmerges,
    erasure,
    erasure_revoked,
    internal_people,
    attributes_added,
    attributes_changed,
    attributes_removed,
    challenger_edited,
    challenger_added,
    challenger_removed,
    challenger_promoted,
    version_for_the_future,
    version_for_the_past,
    unpublished_version_edited,
    published_version_edited,
    activity_types_changed,
    surveys_valid_for_other_times,
    override_added,
    override_removed,
    a_variable_changed,
]
# Most loads bring new days; the rest of a load is any of the others.
USUAL = new_days


# --- the whole ---


def drawn_variables(draw: Random, weeks: int) -> dict[str, Any]:
    """Variables of dbt; a scoring_start or an end now and then."""
    variables: dict[str, Any] = {
        "scoring_grain": draw.choice(["week", "week", "week", "day", "month"]),
        "week_start": draw.choice(["monday", "sunday", "thursday"]),
        "reporting_timezone": draw.choice(["UTC", "America/New_York", "Australia/Adelaide"]),
        "detail_periods": draw.choice([1, 3, 4, 6]),
        "min_exposure_days": draw.choice([0, 7, 14]),
        "strict_activity_types": draw.random() < 0.3,
        "segment_columns": ["plan", "region"],
        "segment_pairs": [["plan", "region"], ["band", "lifecycle_stage"]],
        "min_segment_size": 2,
    }
    if draw.random() < 0.3:
        variables["scoring_start"] = str(FIRST_DAY + timedelta(days=draw.randint(-40, 40)))
    if draw.random() < 0.2:
        end = timedelta(days=7 * weeks + draw.randint(-20, 20))
        variables["scoring_end"] = str(FIRST_DAY + end)
    return variables


def drawn_metrics(company: Company) -> dict[str, Row]:
    """What an index weighs: in some sequences relative to the other customers."""
    draw = company.draw
    names = ["recency_days", *draw.sample(sorted(METRICS.keys() - {"recency_days"}), 7)]
    metrics = {name: {**METRICS[name], "weight": draw.randint(1, 9)} for name in names}
    metrics["decayed_points"] = {"scaling": "log_goal", "goal": 12, "weight": 5}
    if draw.random() < 0.4:
        for name in draw.sample(names, 3):
            metrics[name] |= {"scaling": "percentile", "lower": "", "goal": ""}
    return metrics


def add_settings(company: Company) -> None:
    """An index with a challenger, points for everybody, and an index for those on pro."""
    draw, made = company.draw, company.made
    for seed in ("activity_types", "survey_types", "score_overrides"):
        with (ROOT / f"seeds/config/{seed}.csv").open(newline="") as file:
            made.seeds[seed] = list(csv.DictReader(file))
    points = {
        activity: {"points": value, "daily_cap": draw.choice(["", 1, 3]), "half_life_days": 4}
        for activity, value in WEIGHTED.items()
    }
    bands = (("Low", 0, 2), ("Moderate", 35, 2), ("Excellent", 60, 2))
    made.score_model(
        INDEX,
        drawn_metrics(company),
        points,
        bands,
        window_days=draw.choice(company.windows()),
        min_coverage=draw.choice([0, 0.4, 0.8]),
        aggregation="geometric" if draw.random() < GEOMETRIC_SHARE else "arithmetic",
        valid_from="",
    )
    made.score_model(
        "points",
        points=WEIGHTED,
        bands=(("Low", 0, 0), ("High", 20, 1)),
        window_days=draw.choice(company.windows()),
    )
    made.score_model(
        "pro",
        drawn_metrics(company),
        points,
        bands,
        window_days=draw.choice(company.windows()),
        min_coverage=0.3,
        segment_column="plan",
        segment_value="pro",
        priority=1,
    )
    company.add_version("challenger")


def first_company(draw: Random) -> Company:
    """Everything that the first load holds."""
    weeks = draw.randint(15, 25)
    company = Company(draw, drawn_variables(draw, weeks))
    company.last_day = FIRST_DAY + timedelta(days=7 * weeks - draw.randint(1, 7))
    for _ in range(draw.randint(20, 40)):
        company.customer(company.new_id("c"))
    # Ids that may turn out to be somebody's.
    company.people += [f"a{number}" for number in range(4)]
    company.live(FIRST_DAY, company.span() + 1, company.people, 0.25)
    for day in (FIRST_DAY, company.last_day):
        company.did(company.people[0], day, "website_visit")
    for _ in range(60):
        company.answered(company.known())
    merges(company)
    add_settings(company)
    # What later loads may take back.
    for operation in (
        erasure, rejected_rows, override_added, version_for_the_future, stray_rows_far_ahead
    ):  # fmt: skip
        if draw.random() < 0.5:
            operation(company)
    return company


def load_of(company: Company, operations: Iterable[str]) -> Load:
    """What stands in the files now, in an order of its own."""
    company.brought.append(company.new)
    company.new = []

    def shuffled(rows: Rows) -> Rows:
        return deepcopy(company.draw.sample(rows, len(rows)))

    load = Load(
        operations=tuple(operations),
        inputs={name: shuffled(rows) for name, rows in company.inputs.items()},
        seeds={name: shuffled(rows) for name, rows in company.seeds.items()},
        variables=dict(company.variables),
        restates=company.restates,
    )
    company.restates = False
    return load


def drawn_operations(company: Company) -> list[str]:
    """Does some operations, and names them; one load in eight brings nothing."""
    draw = company.draw
    if draw.random() < 0.125:
        return [nothing.__name__]
    chosen = draw.sample(OPERATIONS, draw.choice([1, 4, 8, 12]))
    if USUAL not in chosen and draw.random() < 0.6:
        chosen.insert(0, USUAL)
    return [each.__name__ for each in chosen if each(company)] or [nothing.__name__]


def load_sequence(seed: int) -> LoadSequence:
    """The company of a seed, and three to five loads."""
    draw = Random(seed)
    company = first_company(draw)
    loads = [load_of(company, [])]
    for _ in range(draw.randint(2, 4)):
        loads.append(load_of(company, drawn_operations(company)))
    return LoadSequence(seed, tuple(loads), compares_each=draw.random() < 0.25)
