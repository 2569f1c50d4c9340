"""The Python packages that the models import, and whether each is installed.

They are looked for and not imported, which takes milliseconds. The gate behind this table stops the
run before anything is scored.
"""

import importlib.util
from typing import Any

# import name -> name for pip, and what needs it: every run, only `make suggest`, or only comments.
PACKAGES = {
    "narwhals": ("narwhals", "build"),
    "numpy": ("numpy", "build"),
    "pyarrow": ("pyarrow", "build"),
    "scipy": ("scipy", "build"),
    "statsmodels": ("statsmodels", "build"),
    "sklearn": ("scikit-learn", "suggest"),
    "textblob": ("textblob", "comments"),
}


def rows_of_packages() -> list[tuple[str, str, bool]]:
    """`package` by its name for pip, `needed_by`, `is_installed`."""
    return [
        (package, needed_by, importlib.util.find_spec(name) is not None)
        for name, (package, needed_by) in PACKAGES.items()
    ]


def model(dbt: Any, session: Any) -> Any:
    """Grain: package. Made by the engine: nothing else may be needed here."""
    rows = ", ".join(f"('{package}', '{by}', {found})" for package, by, found in rows_of_packages())
    return session.sql(f"select * from (values {rows}) as t (package, needed_by, is_installed)")
