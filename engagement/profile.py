"""Finds the database through the dbt profile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engagement.environment import check_file_name
from engagement.errors import StoppedError

DATABASE = "ENGAGEMENT_DUCKDB_PATH"


@dataclass(frozen=True)
class Place:
    """A dbt project, and what its profile says about the database."""

    project: Path
    profiles: Path
    target: str | None
    published: Path
    schema: str

    @property
    def options(self) -> list[str]:
        """The options that dbt gets."""
        target = [f"--target={self.target}"] if self.target else []
        return [f"--project-dir={self.project}", f"--profiles-dir={self.profiles}", *target]

    def folder(self, variable: str, default: str) -> Path:
        """A folder of dbt's, such as `target`."""
        return self.project / os.environ.get(variable, default)


def find_place(project: Path, profiles: Path | None, target: str | None) -> Place:
    """Reads the profile as dbt does, twice: the second time with another path in the variable.

    A build writes to a separate file. The profile must follow the variable, or the build would
    write into the published file.
    """
    project = project.resolve()
    if not (project / "dbt_project.yml").is_file():
        raise StoppedError(
            f"{project} is not a dbt project: it has no dbt_project.yml. Run the command in the "
            "folder of your project, or pass it: --project-dir my_project."
        )
    found = profiles.resolve() if profiles else profiles_folder(project)
    credentials = resolve(project, found, target)
    path = str(getattr(credentials, "path", ""))
    if getattr(credentials, "type", "") != "duckdb" or ":" in path or not path:
        raise StoppedError(
            f"The profile points to {path or credentials.type!r}, but this command publishes a "
            "DuckDB file on this machine. For anything else, run dbt build."
        )
    # A link stays a link: the file that it points to is replaced, under the name of the link.
    published = Path(os.path.abspath(project / path))
    check_file_name(published)
    other = published.with_name(f"other_{published.name}")
    if Path(resolve(project, found, target, database=other).path) != other:
        raise StoppedError(
            f"The profile does not follow the variable {DATABASE}, so a build could not "
            f"write to a separate file. In {found / 'profiles.yml'} write:\n"
            f"  path: \"{{{{ env_var('{DATABASE}', '{published.name}') }}}}\""
        )
    return Place(project, found, target, published, str(credentials.schema))


def profiles_folder(project: Path) -> Path:
    """The folder of profiles.yml: where dbt looks for it, or `profiles/` of the project."""
    if given := os.environ.get("DBT_PROFILES_DIR"):
        return Path(given).resolve()
    for folder in (project, project / "profiles"):
        if (folder / "profiles.yml").is_file():
            return folder
    return Path.home() / ".dbt"


def resolve(project: Path, profiles: Path, target: str | None, database: Path | None = None) -> Any:
    """The credentials of the profile, with the database in the variable if one is given."""
    # Not at the top: dbt takes a second to import, and `--help` does not need it.
    from argparse import Namespace

    from dbt.cli.main import dbtRunner  # noqa: F401 - reads .env, as every command of dbt does
    from dbt.config.profile import Profile
    from dbt.config.renderer import ProfileRenderer
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context
    from dbt_common.exceptions import DbtBaseException

    set_invocation_context(os.environ | ({DATABASE: str(database)} if database else {}))
    set_from_args(Namespace(PROFILES_DIR=str(profiles), PROJECT_DIR=str(project)), {})
    try:
        settings = yaml.safe_load((project / "dbt_project.yml").read_text()) or {}
        renderer = ProfileRenderer({})
        name = renderer.render_value(settings.get("profile"))
        return Profile.render(renderer, name, None, target, None).credentials
    except (DbtBaseException, yaml.YAMLError) as error:
        raise StoppedError(str(error)) from None
