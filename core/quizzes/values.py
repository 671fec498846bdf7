"""Stored values of answers: what counts as given, a person's own wording, refusals and answers too late.

A value is what JSON holds: an option's id, a list of ids, true or false, a number, a text. `null` stands for
a skipped question; three small objects say the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSED: Mapping[str, Any] = {"refused": True}  # «I would rather not say»: never asked again in this quiz
REFUSED_BEFORE: Mapping[str, Any] = {"refused": True, "before": True}  # … said in an earlier run
LATE: Mapping[str, Any] = {"late": True}  # the time for the question was up
SHARED = "shared"  # stored in place of a phone, an e-mail or a place: those stand on the person's card only
OTHER = "other"  # how conditions and rules see an answer in the person's own words
RATHER_NOT_SAY = "rather_not_say"  # how conditions and rules see a refusal


def is_given(value: Any) -> bool:
    """Say whether an answer was given: not skipped, not refused, not too late.

    >>> [is_given(value) for value in ("owner", False, [], None, {"refused": True}, {"other": "x"})]
    [True, True, True, False, False, True]
    """
    if isinstance(value, dict):
        return "refused" not in value and "late" not in value
    return value is not None


def is_refused(value: Any) -> bool:
    """Say whether a person would rather not say."""
    return isinstance(value, dict) and "refused" in value


def is_refused_before(value: Any) -> bool:
    """Say whether the refusal comes from an earlier run, so that the question was not asked in this one."""
    return is_refused(value) and "before" in value


def is_late(value: Any) -> bool:
    """Say whether the time was up."""
    return isinstance(value, dict) and "late" in value


def other(text: str) -> dict[str, str]:
    """Return the value of an answer in the person's own words."""
    return {OTHER: text}


def other_text(value: Any) -> str | None:
    """Return the person's own words, alone or among several choices; None where there are none."""
    own = (one[OTHER] for one in listed(value) if isinstance(one, dict) and OTHER in one)
    return next(own, None)


def listed(value: Any) -> list[Any]:
    """Return what was chosen as a list; nothing for an answer not given.

    >>> listed("owner"), listed(["a", {"other": "x"}]), listed(None)
    (['owner'], ['a', {'other': 'x'}], [])
    """
    if not is_given(value):
        return []
    return value if isinstance(value, list) else [value]


def words(value: Any) -> list[str]:
    """Return an answer as conditions and rules compare it; a typed `rather_not_say` is no refusal.

    >>> words(["a", {"other": "x"}]), words(True), words({"refused": True}), words(None)
    (['a', 'other'], ['yes'], ['rather_not_say'], [])
    >>> words("Rather_not_say")
    ['rather not say']
    """
    if not isinstance(value, dict | list):
        one = folded(value) if value is not None else None
        return [] if one is None else [RATHER_NOT_SAY.replace("_", " ") if one == RATHER_NOT_SAY else one]
    if is_refused(value):
        return [RATHER_NOT_SAY]
    return [OTHER if isinstance(one, dict) else folded(one) for one in listed(value)]


def folded(value: str | int | float | bool) -> str:
    """Return one value as it is compared: yes/no for truth, 3 for 3.0, folded text.

    >>> folded(True), folded(3.0), folded("Ёлка")
    ('yes', '3', 'елка')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return fold(str(value))
