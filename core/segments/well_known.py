"""Attributes that rules ask by their bare name before anybody has one: their titles, and what fills them."""

from __future__ import annotations

from dataclasses import dataclass

Both = tuple[str, str]  # ru, en
_QUIZZES: Both = ("ответы в квизах и импорт", "answers in quizzes and imports")
_PLACE: Both = (
    "город из ответа, импорта или присланной точки",
    "the city of an answer, an import or a sent place",
)
_IMPORT: Both = ("импорт и карточка человека", "imports and the person's card")


@dataclass(frozen=True, slots=True)
class WellKnown:
    """What an attribute is called, and what fills it."""

    titles: Both
    filled_by: Both = _QUIZZES


WELL_KNOWN = {
    "city": WellKnown(("город", "the city"), _PLACE),
    "country": WellKnown(("страна", "the country"), _PLACE),
    "region": WellKnown(("регион", "the region"), _PLACE),
    "climate": WellKnown(("климат", "the climate"), _PLACE),
    "city_size": WellKnown(("размер города", "the size of the city"), _PLACE),
    "timezone": WellKnown(("часовой пояс", "the time zone"), _PLACE),
    "goal": WellKnown(("цель", "the goal")),
    "name": WellKnown(("имя", "the name")),
    "birthday": WellKnown(("день рождения", "the birthday")),
    "sex": WellKnown(("пол по ответу", "the sex as answered")),
    "gender": WellKnown(
        ("пол", "the sex"),
        ("ответ, имя, отчество и сообщения человека", "the person's answer, name, patronymic and messages"),
    ),
    "education": WellKnown(("образование", "the education")),
    "income": WellKnown(("достаток", "the means")),
    "family": WellKnown(("семья", "the family")),
    "children": WellKnown(("дети", "the children")),
    "network": WellKnown(("любимая соцсеть", "the favourite network")),
    "interest": WellKnown(("интерес", "the interest")),
    "profile": WellKnown(("психологический портрет", "the psychographic profile")),
    "platform": WellKnown(("устройство", "the device"), _IMPORT),
    "company_size": WellKnown(("размер компании", "the size of the company")),
    "industry": WellKnown(("отрасль", "the industry")),
    "position": WellKnown(("должность", "the position")),
    "renewal_at": WellKnown(("день продления", "the day of renewal"), _IMPORT),
    "nps": WellKnown(("оценка (от 0 до 10)", "the mark (0 to 10)")),
}
