"""HTML is taken and refused as teremok, which follows the same documents, takes and refuses it."""

from __future__ import annotations

import pytest
from teremok.validation import ApiRuleViolation, validate_html

from bot.sandbox import formatting
from bot.sandbox.errors import Refusal

SAME = [
    "plain", "<b>bold</b>", "<b>a<i>b</i></b>", "<b>a", "a</b>", "<b><i>a</b></i>", "<u>1</u><s>2</s>",
    "<foo>a</foo>", '<a href="https://example.com">x</a>', "<h1>a</h1>", "a &lt; b &amp; c",
    "<pre>x</pre>", "<code>3</code>",
    '<span class="tg-spoiler">x</span>', '<span class="big">x</span>',
    "<blockquote expandable>q</blockquote>",
    "1 < 2", "<p>a</p>", "<br>", "🙂<b>x</b>", "<tg-spoiler>x</tg-spoiler>",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_html_is_refused_exactly_where_teremok_refuses_it(text: str) -> None:
    try:
        validate_html(text)
        theirs = True
    except ApiRuleViolation:
        theirs = False
    try:
        formatting.read(text, "HTML", None)
        ours = True
    except Refusal as refusal:
        ours = not refusal.description.startswith("Bad Request: can't parse entities: ")
    assert ours == theirs


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b>b", "ab", [{"offset": 0, "length": 1, "type": "bold"}]),
        ("🙂<i>x</i>", "🙂x", [{"offset": 2, "length": 1, "type": "italic"}]),
        ("a &lt;b&gt; &amp;copy; &#33;", "a <b> &copy; !", []),
        (
            '<a href="https://a.ru/?x=1&amp;y=2">go</a>',
            "go",
            [{"offset": 0, "length": 2, "type": "text_link", "url": "https://a.ru/?x=1&y=2"}],
        ),
        ('<a href="javascript:alert(1)">go</a>', "go", []),
        ("  <b> x</b> ", "x", [{"offset": 0, "length": 1, "type": "bold"}]),
        (
            '<pre><code class="language-py">x</code></pre>',
            "x",
            [{"offset": 0, "length": 1, "type": "pre", "language": "py"}],
        ),
        ("/start now", "/start now", [{"offset": 0, "length": 6, "type": "bot_command"}]),
    ],
)
def test_entities_count_utf16_units(html: str, text: str, entities: list[dict[str, object]]) -> None:
    assert formatting.read(html, "HTML", None) == (text, entities)


def test_text_shown_on_the_page_is_escaped() -> None:
    text, entities = formatting.read("<b>&lt;script&gt;</b> & 🙂<i>x</i>", "HTML", None)
    assert formatting.as_html(text, entities) == "<b>&lt;script&gt;</b> &amp; 🙂<i>x</i>"
