"""The dashboards: every page is drawn, on the demo and on empty marts, without network access."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import duckdb
import pytest
import yaml
from dbt_project import ROOT, Project

sys.path.insert(0, str(ROOT / "dashboard"))

import render
import serving

CHARTS = ROOT / "dashboard/charts"


def drawn(project: Project, out: Path) -> dict[str, str]:
    """Every HTML file that `dashboard/render.py` draws from the marts, by path."""
    environment = {
        "ENGAGEMENT_DUCKDB_PATH": str(project.database),
        "DBT_PROFILES_DIR": str(project.profiles),
        "DBT_TARGET_PATH": "target",
    }
    with mock.patch.dict(os.environ, environment):
        files = render.render(project.folder, out, formats=["html"])
    return {str(path.relative_to(out)): path.read_text() for path in files}


@pytest.fixture(scope="module")
def pages(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return drawn(demo, tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="module")
def empty_pages(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of a project that is built but has no rows."""
    folder = tmp_path_factory.mktemp("empty") / "project"
    (folder / "target").mkdir(parents=True)
    shutil.copy(demo.folder / "dbt_project.yml", folder)
    shutil.copy(demo.folder / "target/manifest.json", folder / "target")
    empty = Project(folder, demo.profiles)
    columns = demo.query(
        "select table_name, string_agg(format('\"{}\" {}', column_name, data_type))"
        " from information_schema.columns group by table_name"
    )
    with duckdb.connect(str(empty.database)) as connection:
        for table, definition in columns:
            connection.execute(f'create table "{table}" ({definition})')
    return drawn(empty, tmp_path_factory.mktemp("empty_dashboard"))


def words(document: str) -> str:
    """The text of a page, in one line."""
    text = re.sub(r"<(style|script|title)\b.*?</\1>", "", document, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_every_page_is_drawn_wide_and_narrow(pages: dict[str, str]) -> None:
    assert set(pages) == {
        f"{folder}{page}.html" for page in render.PAGES for folder in ("", "narrow/")
    } | {"index.html"}
    assert set(render.PAGES) == {path.stem for path in CHARTS.glob("*.yml")} - {"meta"}
    for page, title in render.PAGES.items():
        assert title in words(pages[f"{page}.html"]), page


@pytest.mark.parametrize("folder", ["", "narrow/"])
def test_the_planted_stories_can_be_read_without_sql(pages: dict[str, str], folder: str) -> None:
    """docs/dashboards.md names the page of each."""
    told = {
        "overview": ["season", "campaign", "free x south", "84"],
        "success": ["c002", "c003", "c006", "c005", "k01", "c013", "120 social_like"],
        "customer": ["c003", "96 of 100", "14 of 100", "engaged and unhappy"],
        "segments": ["free x south", "declining", "email"],
        "experiments": ["product session", "higher", "+1.24"],
        "health": ["All are accounted for", "webinar_joined", "global shift" * (not folder)],
    }
    for page, stories in told.items():
        said = words(pages[f"{folder}{page}.html"])
        assert [story for story in stories if story not in said] == [], page


def test_empty_pages_say_that_they_are_empty(empty_pages: dict[str, str]) -> None:
    for page, said in {
        "overview": "No customer is scored yet",
        "success": "No alert in these periods",
        "customer": "No customer is scored yet",
        "segments": "There are no segments yet",
        "experiments": "There is no experiment",
        "health": "Nothing was read yet",
    }.items():
        for folder in ("", "narrow/"):
            assert said in words(empty_pages[f"{folder}{page}.html"]), folder + page


class Loads(HTMLParser):
    """Collects what a browser would fetch to show a page, and the targets of its links."""

    FETCHED = ("src", "srcset", "poster", "data", "background", "action")

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in self.FETCHED or (name.endswith("href") and tag not in ("a", "area")):
                self.fetched.append(value or "")
            elif name.endswith("href"):
                self.links.append(value or "")
            if name == "style":
                self.handle_data(value or "")

    def handle_data(self, data: str) -> None:
        self.fetched += re.findall(r"url\(\s*['\"]?([^'\")]+)", data)
        self.fetched += re.findall(r"@import\s+(?:url\()?['\"]?([^'\")\s;]+)", data)
        # What a script could open; none of ours does.
        self.fetched += re.findall(
            r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\b", data
        )


def loads(document: str) -> Loads:
    parser = Loads()
    parser.feed(document)
    return parser


def test_a_page_fetches_nothing_and_links_only_to_other_pages(
    pages: dict[str, str], empty_pages: dict[str, str]
) -> None:
    for name, document in [*pages.items(), *empty_pages.items()]:
        found = loads(document)
        outside = [each[:60] for each in found.fetched if not each.startswith(("data:", "#"))]
        assert outside == [], name
        folder = Path(name).parent
        for link in found.links:
            assert os.path.normpath(folder / link) in pages, (name, link)


@pytest.mark.parametrize(
    "document",
    [
        '<script src="https://cdn.example/vega.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/inter.css">',
        '<svg><image xlink:href="http://example/a.png"/></svg>',
        "<style>@font-face { src: url('https://fonts.example/a.woff2') }</style>",
        '<p style="background: url(https://example/a.png)">',
        "<style>@import 'https://example/a.css';</style>",
        "<script>fetch('/data')</script>",
    ],
)
def test_the_search_finds_what_a_page_would_fetch(document: str) -> None:
    assert [each for each in loads(document).fetched if not each.startswith(("data:", "#"))]


def boards() -> Iterator[tuple[str, str]]:
    for path in sorted(CHARTS.glob("*.yml")):
        if path.stem != "meta":
            yield path.stem, path.read_text()


def test_pages_read_marts_and_name_nothing_of_one_company(marts: list[str]) -> None:
    """Except for two things that no mart has: single interactions, and rows to paste."""
    below = {
        ("customer", "int_engagement__interaction_ledger"),
        ("health", "int_engagement__unlisted_activity_types"),
    }
    read = {
        (name, model) for name, text in boards() for model in re.findall(r"ref\('(\w+)'\)", text)
    }
    assert {each for each in read if each[1] not in marts} == below
    for name, text in boards():
        assert not re.search(r"\b(c0\d\d|k0\d|plan|region|Excellent|Low|pro|free)\b['%]", text), (
            name
        )


def test_a_narrow_page_has_every_chart_of_the_wide_one() -> None:
    def placed(layout: object) -> set[str]:
        if isinstance(layout, str):
            return {layout}
        if isinstance(layout, list):
            return set().union(*map(placed, layout))
        assert isinstance(layout, dict)
        return placed([each for key in ("rows", "cols") for each in layout.get(key, [])])

    for name, text in boards():
        wide = yaml.safe_load(text)["rows"]
        narrow = yaml.safe_load((CHARTS / f"narrow/{name}.yml").read_text())["rows"]
        assert placed(wide) == placed(narrow), name


def test_an_error_of_a_page_stops_the_drawing(demo: Project, tmp_path: Path) -> None:
    """Nothing is built here, so no file says where the marts are."""
    shutil.copy(demo.folder / "dbt_project.yml", tmp_path)
    with (
        mock.patch.dict(os.environ, {"DBT_PROFILES_DIR": str(demo.profiles)}),
        pytest.raises(render.RenderError, match="manifest"),
    ):
        render.draw(tmp_path, ["experiments.yml"], "html", tmp_path / "out", [])


# Markdown, HTML and Jinja, as a customer id, a reason or a segment name.
HOSTILE = (
    "[x](javascript:alert(1))<img src=x onerror=alert(2)>{{ 7 * 191 }}"
    "[y](https://evil.example/y)![z](https://evil.example/z.png)`*_"
)


@pytest.fixture(scope="module")
def hostile_pages(
    demo: Project, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[str, str]]:
    """Pages of marts in which every free text is hostile: as drawn, and as written."""
    folder = tmp_path_factory.mktemp("hostile") / "project"
    (folder / "target").mkdir(parents=True)
    shutil.copy(demo.folder / "dbt_project.yml", folder)
    shutil.copy(demo.folder / "target/manifest.json", folder / "target")
    hostile = Project(folder, demo.profiles)
    shutil.copy(demo.database, hostile.database)
    with duckdb.connect(str(hostile.database)) as connection:
        for table, columns in {
            "customer_engagement": [
                "account_id", "gaming_reason", "override_reason", "override_author", "badges",
                "top_driver_down",
            ],
            "engagement_alerts": ["reason", "recommended_action", "owner", "subject"],
            "engagement_segments": ["segment", "external_events"],
            "engagement_experiments": ["experiment_id", "variant"],
            "interaction_audit": ["input_entry"],
        }.items():  # fmt: skip
            for column in columns:
                connection.execute(
                    f"update {table} set {column} = ? where {column} is not null or ?",
                    [HOSTILE, table == "customer_engagement"],
                )
        connection.execute(
            "update customer_engagement set is_possible_gaming = true, is_overridden = true,"
            " segments = json_object('plan', ?)",
            [HOSTILE],
        )
        for table in ("customer_engagement", "engagement_scores", "engagement_contributions"):
            connection.execute(
                f"update {table} set customer_id = ? where customer_id = 'c003'", [HOSTILE]
            )
    environment = {
        "ENGAGEMENT_DUCKDB_PATH": str(hostile.database),
        "DBT_PROFILES_DIR": str(hostile.profiles),
        "DBT_TARGET_PATH": "target",
    }
    out = tmp_path_factory.mktemp("hostile_dashboard")
    boards = [f"{page}.yml" for page in ("success", "segments", "experiments", "health")]
    with mock.patch.dict(os.environ, environment):
        render.draw(hostile.folder, boards, "html", out, [])
        render.draw(
            hostile.folder, render.CUSTOMERS, "html", out, [f"--var=customer={HOSTILE} nobody"]
        )
    documents = {str(path.relative_to(out)): path.read_text() for path in out.rglob("*.html")}
    return {
        name: (document, render.as_page(Path(name).stem, "/" in name, document))
        for name, document in documents.items()
    }


def test_free_text_is_shown_as_plain_text(hostile_pages: dict[str, tuple[str, str]]) -> None:
    """Both in the drawing that is served and in the file that is written from it."""
    assert len(hostile_pages) == 6
    for name, (drawing, page) in hostile_pages.items():
        assert "javascript:alert(1)" in words(drawing), name
        assert "1337" not in words(drawing).replace(",", ""), name
        for document in (drawing, page):
            found = loads(document)
            outside = [each[:60] for each in found.fetched if not each.startswith(("data:", "#"))]
            assert outside == [], name
            assert not [link for link in found.links if "evil" in link.split("?")[0]], name
            assert not [link for link in found.links if not link.startswith(("/", "?"))] or (
                document is page
            ), name
            assert "<img" not in document, name


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("localhost:9876", True),
        ("LOCALHOST", True),
        ("127.0.0.1:9876", True),
        ("[::1]:9876", True),
        ("evil.example:9876", False),
        ("localhost.evil.example:9876", False),
        ("evil.example#localhost", False),
        ("127.0.0.1.nip.io", False),
        ("localhost:9876@evil.example", False),
        ("", False),
        (None, False),
    ],
)
def test_the_server_answers_only_names_of_this_machine(host: str | None, is_own: bool) -> None:
    """Otherwise another site could read the dashboards through a name that points here."""
    sent: list[serving.Message] = []

    async def app(scope: serving.Message, receive: serving.Receive, send: serving.Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> serving.Message:
        return {"type": "http.request"}

    async def send(message: serving.Message) -> None:
        sent.append(message)

    headers = [] if host is None else [(b"host", host.encode())]
    asyncio.run(serving.OwnNamesOnly(app)({"type": "http", "headers": headers}, receive, send))
    assert sent[0]["status"] == (200 if is_own else 403)


def test_two_host_headers_are_refused() -> None:
    own = (b"host", b"localhost")
    assert serving.is_own_name([own]) and not serving.is_own_name([own, own])
