"""Content: personal parts, escaping, faults with their place, limits."""

import time

import pytest

from core.mailing import content, letters
from core.mailing.content import ContentError, Reader
from core.mailing.letters import Words

CHOICE = '{% if quiz.entry.role == "owner" %}да{% else %}нет{% endif %}'
GREETING = 'Здравствуйте, {{ first_name | default: "друг" }}!'


@pytest.mark.parametrize(
    ("text", "reader", "seen"),
    [
        (GREETING, Reader(first_name="Анна"), "Здравствуйте, Анна!"),
        (GREETING, Reader(), "Здравствуйте, друг!"),
        (GREETING, Reader(first_name="<b>&\"'"), "Здравствуйте, &lt;b&gt;&amp;&#34;&#39;!"),
        ("{{ attributes.city }}", Reader(attributes={"city": "Казань <3"}), "Казань &lt;3"),
        ("{{ attributes.city }}", Reader(), ""),
        ("{{ quiz.entry.role }}", Reader(quiz={"entry": {"role": "owner"}}), "owner"),
        (CHOICE, Reader(quiz={"entry": {"role": "owner"}}), "да"),
        (CHOICE, Reader(), "нет"),
        ("{{ first_name | upcase }} {{ language }}", Reader(first_name="a&b", language="en"), "A&amp;B en"),
        ("без частей <b>&amp;</b>", Reader(first_name="x"), "без частей <b>&amp;</b>"),
    ],
)  # fmt: skip
def test_personal_parts_are_filled_and_escaped(text: str, reader: Reader, seen: str) -> None:
    assert content.template(text).render(reader) == seen


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ first_name | sparkle }}", "line 1, column 17: unknown filter 'sparkle'"),
        ("раз\nдва {% if first_name %}", "expected tag endif"),
        ("раз\nдва {{ first_name", "line 2, column 5: expected '}}'"),
        ("{% include 'secret' %}", "unexpected tag 'include'"),
        ("{{ first_name | safe }}", "unknown filter 'safe'"),
        ("{% for i in (1..100000) %}x{% endfor %}", "loop iteration limit"),
        ("{% for i in (1..400) %}{% for j in (1..400) %}x{% endfor %}{% endfor %}", "loop iteration limit"),
        ("{{ 1 | divided_by: 0 }}", "divide by 0"),
        ("<b>жирно", "line 1, column 1: the tag <b> is never closed; add </b>"),
        ("раз\nдва <i>и</b>", "line 2, column 9: </b> stands where </i> is expected"),
        ("<div>x</div>", "Telegram does not know the tag <div>"),
        ('<b onclick="x">y</b>', "the tag <b> cannot carry onclick"),
        ("2 < 3", "line 1, column 3: a lone < must be written &lt;"),
        ("a&nbsp;b", "Telegram does not know &nbsp;"),
        ("{{ first_name }}", "The text is empty for a reader named 'nothing'"),
        ("  \n ", "The text is empty"),
        ("ж" * 4097, "4097 characters long, Telegram takes 4096"),
        ("ж" * 4090 + "{{ first_name }}", "4099 characters long"),
    ],
)
def test_a_fault_is_told_with_its_place_before_anything_is_scheduled(text: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        content.check(text)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        GREETING,
        '<a href="https://kvizor.example/?a=1&amp;b=2">ссылка</a>',
        '<blockquote expandable>x</blockquote><span class="tg-spoiler">y</span>',
        '<tg-emoji emoji-id="5">👍</tg-emoji>',
        '<pre><code class="language-python">1 &lt; 2</code></pre>',
        "ж" * 4096,
        "<b>" + "ж" * 4090 + "</b>",
        "&quot;&#8212;&#x2014;",
        "👨‍👩‍👧 1 > 0",
    ],
)
def test_what_telegram_takes_is_not_refused(text: str) -> None:
    content.check(text)


def test_a_caption_is_shorter_than_a_text() -> None:
    content.check("ж" * 1024, "photo")
    with pytest.raises(ContentError, match="Telegram takes 1024"):
        content.check("ж" * 1025, "document")


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ({"text": "", "url": "https://a.b"}, "1–64 characters"),
        ({"text": "ж" * 65, "url": "https://a.b"}, "1–64 characters"),
        ({"text": "x"}, "either a url or an action"),
        ({"text": "x", "url": "https://a.b", "action": "a"}, "either a url or an action"),
        ({"text": "x", "url": "javascript:alert(1)"}, "is not a link"),
        ({"text": "x", "action": "ж"}, "may hold a–z"),
        ({"text": "x", "action": "a" * 41}, "may hold a–z"),
    ],
)
def test_a_wrong_button_is_named_by_its_place(button: dict[str, str], said: str) -> None:
    with pytest.raises(ContentError, match="row 2, button 1") as caught:
        content.check_buttons([[{"text": "ok", "action": "ok"}], [button]])

    assert said in str(caught.value)


@pytest.mark.parametrize("words", [Words("x", "photo"), Words("x", "text", file_id="abc")])
def test_a_file_belongs_to_a_kind(words: Words) -> None:
    with pytest.raises(ContentError, match="The message is a"):
        letters.check(words)


def test_what_a_text_asks_for_is_known_before_people_are_read() -> None:
    asked = content.template('{{ attributes["city"] }}{% if quiz.entry.role %}{{ quiz.nps.why }}{% endif %}')

    assert asked.attributes == {"city"}
    assert asked.quiz == {("entry", "role"), ("nps", "why")}


def test_a_letter_costs_microseconds() -> None:
    text = content.template(GREETING + '{% if quiz.entry.role == "owner" %} Магазин{% endif %}')
    reader, best = Reader(first_name="Анна", quiz={"entry": {"role": "owner"}}), 1.0
    for _ in range(5):
        began = time.process_time()
        for _ in range(300):
            text.render(reader)
        best = min(best, (time.process_time() - began) / 300)

    assert best < 100e-6  # 28 µs measured; the bound leaves room for a busy machine
