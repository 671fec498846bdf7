"""A family of segments is called as the owner reads it everywhere else."""

from __future__ import annotations

import pytest

from bot.admin.insight_words import field_title
from bot.texts import Texts
from core.reports.facet_list import _titles
from core.segments import presets


@pytest.mark.parametrize("name", [one.name for one in presets.families()])
def test_no_window_spells_the_id_of_a_family(name: str) -> None:
    family = next(one for one in presets.families() if one.name == name)
    ru, en = _titles(f"segments {name}", None)
    for language, title in (("ru", family.title("ru")), ("en", family.title("en"))):
        say = Texts()[language]
        assert title in field_title(say, f"segments {name}", (ru, en))
    assert (ru, en) == (f"сегменты «{family.title('ru')}»", f"segments “{family.title('en')}”")
