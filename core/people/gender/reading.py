"""What one word of a name can be: a first name, a surname, a patronymic, a form of address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.people.gender.lists import Sex


@dataclass(frozen=True, slots=True)
class Reading:
    """One word; each role holds its sex, `u` where both bear it, None where it cannot be that.

    `is_firm` says that the surname's ending alone is proof (-ова, -ский), not only the dictionary's word
    (Калина, Толстой); `is_common` that the word is an ordinary noun too (Вера, Остров, кафе); `is_foreign`
    that it is in Latin letters.
    """

    word: str
    name: Sex | None = None
    surname: Sex | None = None
    patronymic: Sex | None = None
    address: Sex | None = None
    is_firm: bool = False
    is_common: bool = False
    is_foreign: bool = False
    is_dictionary_surname: bool = False

    @property
    def is_gendered_surname(self) -> bool:
        """Whether it is a surname with a sex and no first name."""
        return self.name is None and self.surname in ("f", "m")
