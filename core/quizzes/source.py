"""From the text of a YAML file to plain lists and dictionaries, with the line and column of every part.

ruamel.yaml only reads the nodes: building plain values from them here keeps every position, refuses
duplicate keys, references (a file of a kilobyte can unfold to gigabytes) and tags of other programs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from core.quizzes.problems import Path, Problem, QuizError

SIZE_LIMIT = 1024 * 1024  # bytes
PARTS_LIMIT = 20_000  # keys and values: the pure parser reads some twenty thousand a second
LINES_LIMIT = 20_000
DEPTH_LIMIT = 40
TOLD_LIMIT = 100  # problems of one kind of mistake: nobody mends more at once
_YAML = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_YAML + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_DEEP, _MANY = "nested too deep", "too many parts"
_TOO_DEEP = ("the file is nested too deep", "close the brackets and look at the indentation")
_REMEDIES = {
    "mapping values are not allowed": "put a text that contains a colon into quotes",
    "cannot start any token": "indent with spaces and put a text that begins with a sign into quotes",
    "unknown escape": "use 'single quotes' for a text with a backslash",
    "expected ',' or": "close the bracket, and put texts with commas or brackets into quotes",
    "another document": "keep one {noun} in one file, without `---` between",
    "undefined alias": "write the text out, or put one that begins with `*` into quotes",
    "unexpected end": "close the quotes that were opened here",
    "could not find expected ':'": "write `key: value`, with a space after the colon",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How problems speak of a file: what it holds, what to do with an empty one and with one too large."""

    noun: str
    empty: str
    large: str


QUIZ = Wording("quiz", "write a quiz, see docs/writing-a-quiz.md", "split it into several quizzes")


@dataclass(slots=True)
class Source:
    """A file that was read: plain values, and where each of them stands (line and column from 1)."""

    file: str
    data: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> tuple[int, int]:
        """Return the line and column of a part, or of the nearest part around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(self, path: Path, what: str, remedy: str) -> Problem:
        """Return a problem at a part of the file."""
        return Problem(self.file, *self.place(path), what, remedy)


def read_source(text: str, file: str, wording: Wording = QUIZ) -> Source:
    """Read the text of a file. Raises QuizError where it is not YAML, or not plain YAML."""
    if len(text.encode("utf-8", "surrogatepass")) > SIZE_LIMIT:
        raise QuizError([Problem(file, 1, 1, "the file is larger than 1 MB", wording.large)])
    if text.count("\n") > LINES_LIMIT:
        what = f"the file has more than {LINES_LIMIT} lines"
        raise QuizError([Problem(file, LINES_LIMIT + 1, 1, what, wording.large)])
    source = Source(file)
    root = _compose(text, file, wording)
    if root is None:
        raise QuizError([Problem(file, 1, 1, "the file is empty", wording.empty)])
    source.data = _Builder(source, wording).build(root, (), _at(root))
    if source.problems:
        raise QuizError(source.problems[:TOLD_LIMIT])
    return source


class _Bounded(Composer):
    """Stops at a file of too many parts before it is read to its end, and at one nested too deep."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False  # every reference is refused anyway
        self.count, self.level = 0, 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Read one part with all below it."""
        self.count += 1
        self.level += 1
        if self.count > PARTS_LIMIT or self.level > DEPTH_LIMIT:
            what = _DEEP if self.level > DEPTH_LIMIT else _MANY
            raise ComposerError(None, None, what, self.parser.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self.level -= 1
        return node


def _compose(text: str, file: str, wording: Wording) -> Node | None:
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _Bounded
        node: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if error.problem == _DEEP:
            raise QuizError([Problem(file, line, column, *_TOO_DEEP)]) from None
        if error.problem == _MANY:
            what = (
                f"up to here the file has {PARTS_LIMIT} keys and values, more than a {wording.noun} can have"
            )
            raise QuizError([Problem(file, line, column, what, wording.large)]) from None
        what = f"this is not YAML ({error.problem or error.context})"
        raise QuizError([Problem(file, line, column, what, _remedy(what, wording))]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        what = f"a control character {chr(error.character)!r} stands here"
        raise QuizError([Problem(file, line, column, what, "delete it")]) from None
    except RecursionError:
        raise QuizError([Problem(file, 1, 1, *_TOO_DEEP)]) from None
    except (YAMLError, ValueError) as error:
        what = f"this is not YAML ({str(error).splitlines()[0]})"
        raise QuizError([Problem(file, 1, 1, what, _remedy(what, wording))]) from None
    return node


def _remedy(what: str, wording: Wording) -> str:
    found = (remedy.format(noun=wording.noun) for sign, remedy in _REMEDIES.items() if sign in what)
    return next(found, "look at the indentation and the quotes here and in the line above")


def _at(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


class _Builder:
    """Builds plain values from nodes, noting places and problems; a node met twice is a reference."""

    def __init__(self, source: Source, wording: Wording) -> None:
        self.source = source
        self.wording = wording
        self.met: set[int] = set()

    def build(self, node: Node, path: Path, at: tuple[int, int]) -> Any:
        """Return the value of a node; `at` is where it is used, which a reference does not know itself."""
        self.source.places[path] = at
        fault = self._fault(node, path)
        if fault is not None:
            self.source.problems.append(Problem(self.source.file, *at, *fault))
            return None
        self.met.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(part, (*path, place), _at(part)) for place, part in enumerate(node.value)]
        return _scalar(str(node.value), str(node.tag))

    def _fault(self, node: Node, path: Path) -> tuple[str, str] | None:
        if id(node) in self.met:
            return f"references (`*name`) are not allowed in a {self.wording.noun}", "write the text out"
        if str(node.tag) not in _PLAIN_TAGS and not str(node.tag).startswith(_YAML + "timestamp"):
            what = f"the tag `{node.tag}` is not allowed"
            return what, f"remove it; a {self.wording.noun} is plain text, lists and keys"
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key, part in node.value:
            at = _at(part) if isinstance(part, ScalarNode) and id(part) not in self.met else _at(key)
            if not isinstance(key, ScalarNode):
                what, remedy = (
                    "a list cannot be a key",
                    "write `key: value`; put a text with braces into quotes",
                )
                self.source.problems.append(Problem(self.source.file, *_at(key), what, remedy))
                continue
            name = str(key.value)
            if name in built:
                what, remedy = f"the key `{name}` stands here a second time", "keep one of them"
                self.source.problems.append(Problem(self.source.file, *_at(key), what, remedy))
                continue
            built[name] = self.build(part, (*path, name), at)
            self.source.places[(*path, name, "")] = _at(key)  # the key itself, for «unknown key»
        return built


def _scalar(text: str, tag: str) -> Any:
    kind = tag.removeprefix(_YAML)
    if kind in ("bool", "null"):
        return _CONSTANTS.get(text.lower())
    if kind not in ("int", "float"):
        return text
    try:
        return int(text.replace("_", ""), 0) if kind == "int" else float(text.replace("_", ""))
    except ValueError:
        return text
