"""Where the series that ship lie: each is a YAML file beside the other playbooks."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "playbooks" / "series"


def names() -> list[str]:
    """Return the names of the series that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
