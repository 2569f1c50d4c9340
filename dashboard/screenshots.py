"""Makes docs/images/: every page as Chromium shows it, 1440 and 390 pixels wide.

    python dashboard/render.py --formats html && python dashboard/screenshots.py

Needs the programs chromium and pngquant (Debian: apt-get install chromium pngquant). Chromium runs
without a network of its own, so that a page that asks for anything from elsewhere shows it here.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from render import PAGES

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {"": 1440, "narrow": 390}
# The menu above the drawing.
MENU_HEIGHT = {"": 45, "narrow": 92}


def height_of(page: Path, width: int) -> int:
    """The height of the drawing in a window of the width, from its own proportions."""
    found = re.search(r'<svg[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"', page.read_text())
    if found is None:
        sys.exit(f"{page} holds no drawing: render the pages first (dashboard/render.py)")
    drawn_width, drawn_height = map(float, found.groups())
    return round(drawn_height * width / drawn_width)


def take(page: Path, image: Path, width: int, height: int) -> None:
    """One picture of the whole page, with at most 64 colours."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.png"
        subprocess.run(
            [
                *("unshare", "--net", "--map-root-user"),
                "chromium",
                *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
                *("--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1"),
                f"--user-data-dir={folder}/profile",
                f"--window-size={width},{height}",
                f"--screenshot={raw}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        command = ["pngquant", "64", "--strip", "--force", "--output", str(image), str(raw)]
        subprocess.run(command, check=True)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=Path, default=ROOT / "target/dashboard")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/images")
    given = parser.parse_args()
    for program in ("chromium", "pngquant", "unshare"):
        if shutil.which(program) is None:
            sys.exit(f"The program {program} is missing. Debian: apt-get install {program}")
    given.out.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        for folder, width in WIDTHS.items():
            path = given.pages.resolve() / folder / f"{page}.html"
            if not path.exists():
                sys.exit(f"{path} is missing: render the pages first (dashboard/render.py)")
            image = given.out / f"dashboard-{page}{folder and '-'}{folder}.png"
            take(path, image, width, height_of(path, width) + MENU_HEIGHT[folder])
            print(f"{image} ({image.stat().st_size // 1024} KiB)")


if __name__ == "__main__":
    main()
