"""Renders every page as HTML and PNG files that need no server and no network.

    python dashboard/render.py [--dbt-project-dir DIR] [--out DIR] [--customer ID] [--formats html]
    python dashboard/render.py --serve 9876

Each page is drawn twice, for a screen of 1440 and for one of 390 pixels: a drawing of dbt-charts is
scaled to the window, and not laid out again. The HTML goes to the one that fits.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

from serving import serve

HERE = Path(__file__).resolve().parent
CHARTS = HERE / "charts"
DCT = str(Path(sys.executable).with_name("dct"))

# In the order in which they are read; the name in the menu.
PAGES = {
    "overview": "Overview",
    "success": "Success teams",
    "customer": "Customer",
    "segments": "Segments",
    "experiments": "Experiments",
    "health": "Data health",
}
BOARDS = [*(f"{page}.yml" for page in PAGES), *(f"narrow/{page}.yml" for page in PAGES)]
CUSTOMERS = [board for board in BOARDS if board.endswith("customer.yml")]
FORMATS = ("html", "png")
# The value for which the customer page picks the customer to look at first.
FIRST = "first"
# Below this width of the window, in pixels, the narrow drawing is the one to read.
NARROW_BELOW = 800

STYLE = """<style>
    .pages { font: 15px/1.5 system-ui, sans-serif; padding: 10px 36px; background: #f2f4f7; }
    .pages a { color: #12365f; margin-right: 20px; white-space: nowrap; }
    .pages a[aria-current] { font-weight: 700; color: #000000; text-decoration: none; }
    .dbt-charts-board { max-width: 1440px; margin: 0 auto; }
    @media (max-width: 799px) { .pages { padding: 8px 16px; } .pages a { display: inline-block; } }
</style>
"""

INDEX = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>Dashboards</title>'
    '<meta http-equiv="refresh" content="0; url=overview.html"></head>'
    '<body><a href="overview.html">Overview</a></body></html>\n'
)


class RenderError(Exception):
    """What stopped a page, in the words of dbt-charts."""


def render(
    project: Path, out: Path, customer: str = FIRST, formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Draws all pages, `<page>` and `narrow/<page>`, into `out`, and returns the files."""
    written = []
    for file_format in formats:
        draw(project, BOARDS, file_format, out, [])
        if customer != FIRST:
            # Of all pages these alone know the variable.
            draw(project, CUSTOMERS, file_format, out, [f"--var=customer={customer}"])
        written += [out / Path(board).with_suffix(f".{file_format}") for board in BOARDS]
    for path in written:
        if path.suffix == ".html":
            path.write_text(as_page(path.stem, path.parent != out, path.read_text()))
    if "html" in formats:
        written.append(out / "index.html")
        written[-1].write_text(INDEX)
    return written


def draw(
    project: Path, boards: Sequence[str], file_format: str, out: Path, variables: Sequence[str]
) -> None:
    """Runs dbt-charts; raises with its message if a page has an error."""
    output = f"--output={out}/{{dir}}/{{stem}}.{file_format}"
    command = [DCT, "render", *boards, f"--format={file_format}", output, *variables]
    done = subprocess.run(
        [*command, f"--project-dir={HERE}", f"--dbt-project-dir={project}"],
        cwd=CHARTS,
        env=environment(project),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # If the database does not exist, every query of a page says the same.
        raise RenderError("\n".join(dict.fromkeys((done.stderr + done.stdout).splitlines())))


def environment(project: Path) -> dict[str, str]:
    """The variables that dbt-charts gets: no telemetry, and paths as it takes them."""
    given = {**os.environ, "DO_NOT_TRACK": "1"}
    folders = (project, project / "profiles")
    beside = [folder for folder in folders if (folder / "profiles.yml").exists()]
    if beside:
        given["DBT_PROFILES_DIR"] = str(beside[0])
    elif profiles := given.get("DBT_PROFILES_DIR"):
        given["DBT_PROFILES_DIR"] = str(Path(profiles).resolve())
    if database := given.get("ENGAGEMENT_DUCKDB_PATH"):
        # dbt-charts 0.10 puts the folder of the project before a path that a profile takes from a
        # variable, even if it is absolute.
        given["ENGAGEMENT_DUCKDB_PATH"] = os.path.relpath(Path(database).resolve(), project)
    return given


def as_page(page: str, is_narrow: bool, document: str) -> str:
    """The document with a menu, a way to the drawing that fits, and no link that wants a server."""
    fitting, test, words = (
        (f"../{page}.html", f"innerWidth >= {NARROW_BELOW}", "For a wide screen")
        if is_narrow
        else (f"narrow/{page}.html", f"innerWidth < {NARROW_BELOW}", "For a phone")
    )
    links = "".join(
        f'<a href="{other}.html"{" aria-current=page" if other == page else ""}>{escape(name)}</a> '
        for other, name in PAGES.items()
    )
    menu = f'<nav class="pages">{links}<a href="{fitting}">{words}</a></nav>'
    switch = f'<script>if ({test}) location.replace("{fitting}");</script>\n'
    # A link to a customer or to a filter is answered by `dct serve` alone; there are no others.
    document = re.sub(
        r'<a\b[^>]*\bhref="(?!#)[^"]*"[^>]*>(.*?)</a>', r"\1", document, flags=re.DOTALL
    )
    document = re.sub(r' data-rendered-at="[^"]*"', "", document)
    document = document.replace("<html>", '<html lang="en">', 1)
    document = document.replace("</head>", f"{STYLE}{switch}</head>", 1)
    return re.sub(r"<body([^>]*)>", lambda body: body.group() + menu, document, count=1)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--dbt-project-dir", type=Path, default=HERE.parent, help="whose marts; ours if not given"
    )
    parser.add_argument("--out", type=Path, help="target/dashboard of that project if not given")
    parser.add_argument("--customer", default=FIRST, help="whose page; the one to look at first")
    parser.add_argument("--formats", default=",".join(FORMATS), help="of html and png")
    parser.add_argument("--serve", metavar="PORT", help="draw no files: serve, with live filters")
    given = parser.parse_args()
    formats = given.formats.split(",")
    if unknown := set(formats) - set(FORMATS):
        parser.error(f"--formats: {', '.join(sorted(unknown))} is none of {', '.join(FORMATS)}")
    project = given.dbt_project_dir.resolve()
    if not (project / os.environ.get("DBT_TARGET_PATH", "target") / "manifest.json").exists():
        parser.exit(1, f"Nothing is built in {project}: run `make build` first.\n")
    if given.serve:
        serve(given.serve, HERE, project, environment(project))
        return
    try:
        out = (given.out or project / "target/dashboard").resolve()
        written = render(project, out, given.customer, formats)
    except RenderError as error:
        parser.exit(1, f"{error}\n`make build` makes what the pages read.\n")
    print(f"{len(written)} files; the first to open: {written[-1]}")


if __name__ == "__main__":
    main()
