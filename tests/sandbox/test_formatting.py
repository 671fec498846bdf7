"""Texts with tags become texts with entities, counted as Telegram counts them."""

from __future__ import annotations

import pytest

from bot.sandbox import formatting


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


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("*a* _b_ `c`", "a b c", ["bold", "italic", "code"]),
        ("[go](https://a.ru) \\*x", "go *x", ["text_link"]),
        ("[go] (x)", "go (x)", []),
        ("```\nx```", "x", ["pre"]),
    ],
)
def test_the_first_markdown_is_understood(source: str, text: str, kinds: list[str]) -> None:
    found, entities = formatting.read(source, "Markdown", None)
    assert (found, [entity["type"] for entity in entities]) == (text, kinds)
