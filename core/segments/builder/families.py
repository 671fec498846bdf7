"""Families of subjects: which fields stand where, how they are called on buttons, and looked for."""

from core.segments.fields import Kind

FAMILIES = (
    "answers",
    "person",
    "activity",
    "purchases",
    "letters",
    "scores",
    "events",
    "tags",
    "segments",
)
NAMES = {
    "person": ("source", "language", "premium", "age"),
    "activity": (
        "status",
        "joined",
        "last_seen",
        "base_kind",
        "funnel_stage",
        "referrals",
        "advertising_consent",
        "data_consent",
        "blocked",
        "opted_out",
    ),
    "purchases": ("purchases", "spent", "first_purchase", "last_purchase"),
    "letters": ("unanswered", "letters"),
}
KINDS = {
    Kind.NUMBER: "number",
    Kind.MONEY: "money",
    Kind.MOMENT: "moment",
    Kind.CHOICE: "choice",
    Kind.TEXT: "text",
    Kind.FLAG: "flag",
    Kind.MARK: "mark",
}
TITLES = {  # where the words of a sentence do not stand alone
    "purchases": ("число покупок", "the number of purchases"),
    "unanswered": ("письма подряд без ответа", "letters in a row without an answer"),
    "letters": ("сколько писем получил", "letters received"),
    "referrals": ("сколько друзей привёл", "friends brought"),
}
ALSO = {  # other words by which a field is looked for
    "last_seen": "молчит молчание давно был был заходил silent silence seen",
    "joined": "пришёл новый новички регистрация подписался new came",
    "unanswered": "молчит не отвечает письма игнор silent",
    "last_purchase": "купил покупал давно bought",
    "purchases": "купил покупал клиент bought customer",
    "spent": "потратил деньги выручка чек money",
    "city": "откуда живёт место where",
    "status": "заблокировал отписался blocked stopped",
    "gender": "мужчины женщины male female",
    "source": "откуда реклама ссылка utm link",
}
