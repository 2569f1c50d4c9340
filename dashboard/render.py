"""Renders every page as HTML and PNG files that need no server and no network.

    python dashboard/render.py [--dbt-project-dir DIR] [--out DIR] [--customer ID] [--formats html,png]

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

HERE = Path(__file__).resolve().parent
CHARTS = HERE / "charts"

# In the order in which they are read; the name in the menu.
PAGES = {
    "overview": "Overview",
    "success": "Success teams",
    "customer": "Customer",
    "segments": "Segments",
    "experiments": "Experiments",
    "health": "Data health",
}
FORMATS = ("html", "png")
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


class RenderError(Exception):
    """What stopped a page, as dbt-charts says it."""


def render(
    project: Path, out: Path, customer: str = "first", formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Draws all pages of both widths into `out`, and returns the files."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for file_format in formats:
        for folder, suffix in ((CHARTS, ""), (CHARTS / "narrow", "-narrow")):
            target = str(out / f"{{stem}}{suffix}.{file_format}")
            others = [folder / f"{page}.yml" for page in PAGES if page != "customer"]
            draw(project, others, file_format, target)
            # Of all pages this one alone knows the variable.
            draw(project, [folder / "customer.yml"], file_format, target, f"customer={customer}")
            written += [out / f"{page}{suffix}.{file_format}" for page in PAGES]
    for path in written:
        if path.suffix == ".html":
            path.write_text(as_page(path.stem, path.read_text()))
    if "html" in formats:
        (out / "index.html").write_text(
            '<!DOCTYPE html>\n<html lang="en"><head><title>Dashboards</title>'
            '<meta http-equiv="refresh" content="0; url=overview.html"></head>'
            '<body><a href="overview.html">Overview</a></body></html>\n'
        )
        written.append(out / "index.html")
    return written


def draw(
    project: Path, boards: Sequence[Path], file_format: str, target: str, *variables: str
) -> None:
    """Runs dbt-charts; raises with what it says where a page has an error."""
    command = [
        str(Path(sys.executable).with_name("dct")),
        "render",
        *map(str, boards),
        f"--project-dir={HERE}",
        f"--dbt-project-dir={project}",
        f"--format={file_format}",
        f"--output={target}",
        *(f"--var={variable}" for variable in variables),
    ]
    environment = {**os.environ, "DO_NOT_TRACK": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RenderError(done.stderr + done.stdout)


def as_page(name: str, document: str) -> str:
    """The document with a menu, a way to the drawing that fits, and no link that wants a server."""
    page, _, narrow = name.partition("-")
    suffix = f"-{narrow}" if narrow else ""
    links = "".join(
        f'<a href="{other}{suffix}.html"{" aria-current=page" if other == page else ""}>'
        f"{escape(words)}</a> "
        for other, words in PAGES.items()
    )
    fitting, test, words = (
        (f"{page}.html", f"innerWidth >= {NARROW_BELOW}", "For a wide screen")
        if narrow
        else (f"{page}-narrow.html", f"innerWidth < {NARROW_BELOW}", "For a phone")
    )
    menu = f'<nav class="pages">{links}<a href="{fitting}">{words}</a></nav>'
    switch = f'<script>if ({test}) location.replace("{fitting}");</script>\n'
    # A link to a customer or to a filter is answered by `dct serve` alone.
    document = re.sub(
        r'<a\b[^>]*\bhref="[/?][^"]*"[^>]*>(.*?)</a>', r"\1", document, flags=re.DOTALL
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
    parser.add_argument("--out", type=Path, default=HERE.parent / "target/dashboard")
    parser.add_argument("--customer", default="first", help="whose page; the one to look at first")
    parser.add_argument("--formats", default=",".join(FORMATS), help="of html and png")
    given = parser.parse_args()
    formats = given.formats.split(",")
    if unknown := set(formats) - set(FORMATS):
        parser.error(f"--formats: {', '.join(sorted(unknown))} is none of {', '.join(FORMATS)}")
    project = given.dbt_project_dir.resolve()
    if not (project / os.environ.get("DBT_TARGET_PATH", "target") / "manifest.json").exists():
        parser.exit(1, f"Nothing is built in {project}: run `make build` first.\n")
    try:
        written = render(project, given.out.resolve(), given.customer, formats)
    except RenderError as error:
        parser.exit(1, f"{error}\nIs the project built? `make build` makes what the pages read.\n")
    print(f"{len(written)} files in {given.out}; open {given.out / 'index.html'}")


if __name__ == "__main__":
    main()
