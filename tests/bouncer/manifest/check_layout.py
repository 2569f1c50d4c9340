"""What the folders promise: few models each, and no arrow that runs back to an earlier one."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from dbt_bouncer.check_framework.decorator import check, fail

sys.path.append(str(Path(__file__).resolve().parents[2] / "python/support"))
from data_flow import STAGES

# Every folder of models, each after those that it may read.
FOLDERS = [stage.folder for stage in STAGES]


def folder_of(node: Any) -> str:
    """Where a model's file is."""
    return Path(node.original_file_path).parent.as_posix()


@check
def check_folder_max_number_of_models(ctx: Any, *, max_number_of_models: int = 12) -> None:
    """A folder holds no more models than a reader keeps in mind."""
    sizes = Counter(folder_of(model) for model in ctx.models)
    full = [f"{folder} has {size}" for folder, size in sizes.items() if size > max_number_of_models]
    if full:
        fail(f"More than {max_number_of_models} models in a folder: {', '.join(sorted(full))}.")


@check
def check_folders_are_read_in_order(ctx: Any) -> None:
    """A model reads its own folder and those before it in `data_flow.STAGES`."""
    folders = {model.unique_id: folder_of(model) for model in ctx.models}
    unknown = sorted(set(folders.values()) - set(FOLDERS))
    if unknown:
        fail(f"Folders without a stage: {', '.join(unknown)}. Add them to data_flow.STAGES.")
    back = [
        f"{model.name} reads {parent.rpartition('.')[2]}"
        for model in ctx.models
        for parent in model.depends_on.nodes
        if parent in folders
        and FOLDERS.index(folders[parent]) > FOLDERS.index(folders[model.unique_id])
    ]
    if back:
        fail(f"Arrows that run back to an earlier folder: {', '.join(sorted(back))}.")
