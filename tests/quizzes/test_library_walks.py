"""Thousands of ways through every quiz there is: never stuck, nothing counted twice, all as the answers say.

WALKS says how many are tried in all; the long run is `make fuzz`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.quizzes.loader import Library, load_folder
from tests.quizzes.people import QUIZZES
from tests.quizzes.wanderer import Ground, Wanderer

LIBRARY = Path(__file__).parent / "library"
ALL = [(folder, path.stem) for folder in (QUIZZES, LIBRARY) for path in sorted(folder.glob("*.yaml"))]
WALKS = int(os.environ.get("WALKS", "200"))
KINDS = (
    *["press"] * 5, *["write"] * 2, "old", "again", "forge", "share", "place", "wait", "block", "begin",
    "restart",
)  # fmt: skip
ACTS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 399)), max_size=30)
libraries: dict[Path, Library] = {}


def library_of_folder(folder: Path) -> Library:
    if folder not in libraries:
        libraries[folder] = load_folder(folder)
    return libraries[folder]


@pytest.mark.parametrize(("folder", "file"), ALL, ids=[f"{folder.name}-{name}" for folder, name in ALL])
def test_any_walk_ends_where_its_answers_lead(folder: Path, file: str) -> None:
    library = library_of_folder(folder)
    quiz = next(one.quiz.id for one in library.quizzes.values() if one.quiz.id == file)
    ground = Ground(library)

    @settings(
        max_examples=max(2, WALKS // len(ALL)),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )
    @given(acts=ACTS)
    def walks(acts: list[tuple[str, int]]) -> None:
        walker, stranger = Wanderer(ground, quiz), Wanderer(ground, quiz)
        for kind, number in acts:
            walker.act(kind, number, stranger)
        walker.finish()

    walks()
