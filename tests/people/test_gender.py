"""The sex of a name: hard cases by hand, laws by hypothesis, tables in and out."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.people.gender import UNKNOWN, guess, lists
from core.people.gender.latin import spellings
from core.people.gender.letters import words
from core.people.gender.tables import NamesError, answer

SURE = {
    "f": """Анна|АННА|анна|Мария Кузнецова|Кузнецова Мария|Петрова Анна Сергеевна|Женя Королёва|
        Саша Иванова|Любовь|Вера|Надежда|Роза|Нинель|Айгуль|Гульнара Ахметова|Лейла|Нино|Каринэ|
        Катюша|Светик|Аннушка|Миланочка|Наталья Бондаренко|Бондаренко Наталья|Анна Абрамович|
        Мария-Луиза|тётя Валя|Ірина|Мар'яна|Оксана Шевчук|Natalya|Natalia|Natalja|Olga|Ol'ga|
        Tatyana|Ksenia|Yuliya|Iuliia|Lyubov|Zoya|Sasha Petrova|Ivanova Anna|Anna Petrova|
        Emily Watson|Mary-Jane|Zoë|Hélène|Zeynep Nur|Алиев кызы Лейла|Саша Ивановна|Анна Роман|
        Ольга Герман|Доктор Анна|Anastasiia|Mrs Emily Robinson|Вика🌸|_катя_|А н н а|Настяяя|
        anna1990""",
    "m": """Иван|Никита|Илья|Фома|Лука|Кузьма|Савва|Данила|Дима|Миша|Паша|Вова|Лёша|Леха|Серёжа|
        Сережа|Колян|Рустам|Нурсултан|Шота|Абдулла|Иван Калина|Саша Головин|Женя Толстой|
        Сидоров Валя|Алиев Вагиф Ильгар оглы|дядя Слава|Сергій|Олексій|Михайло|Sergei|Sergey|
        Sergej|Ilya|Nikita|Dmitry|Dmitrii|Dmitrij|Aleksandr|Alexandr|Vyacheslav|Viacheslav|
        Yevgeny|Evgenii|Pyotr|Petr|Artyom|Igor|Yury|Iurii|Grigory|Slava Ivanov|John Smith|Jürgen|
        Mr Taylor|José|ivan_petrov|ИВАН ПЕТРОВ|Доктор Иван|Вадимчик|Римский-Корсаков Николай""",
}
OPEN = """Саша|Женя|Шура|Валя|Слава|Сима|Ким|Мишель|Alex|Kim|Taylor|Jordan|Robin|Sasha|Zhenya|
        Slava|Andrea|Jean|Саша Ким|Женя Бондаренко|Валя Шевчук|Taylor Swift|Latoyah James|
        Мария Иванов|Иван Петрова|Karen|Айнур|Alex Kim|Саша Маша Миша"""
NOISE = """Магазин|☀️|🌸🌸|User|user123|Admin|...|123456|+7 912 345-67-89|ООО Вера|ИП Петров|
        Кафе Анна|Пекарня Настя|Салон красоты Марина|Villa Maria|Hotel Victoria|Маша и Миша|
        Аня + Ваня|Anna & Ivan|Семья Ивановых|Ивановы|Апельсин|Машина|Остров|Пингвин|Мир|Весна|
        Солнышко|Королева|King|Queen|Moscow|Москва|Deleted Account|Я|Она|Просто Я|Без имени|
        qwerty|йцукен|Школа Петрова|Магазин Надежда|Victoria's Secret Store|ААА|Кот Вася|мама|🤖|
        \u200b|ﷺ|王伟|محمد|Αννα|Аnnа Пeтrова-Store"""


EASTERN = {  # names and patronymics of Kazakhstan, Tatarstan, the Caucasus, Ukraine; initials; unseen letters
    "f": """Айгерим|Жанар Нұрланқызы|Айгуль Маратовна|Гульназ|Алсу|Зухра|Мадина Алиева|
        Патимат|Залина|Лейла Ильгар кызы|Алиева Лейла Вагиф кызы|Мамедова Севда|Динара Сериккызы|Олена|
        Соломія|Марічка|Катерина Шевченко|Юлія Ковальчук|Иванова А. П.|Петрова М.И.|ПЕТРОВА|Aннa|Mapия|
        \u202eАнна\u202c|Ан\u200bна|\ufeffМария|𝓐𝓷𝓷𝓪 Petrova|Тамара Георгиевна Кикабидзе|Анаит""",
    "m": """Нұрлан|Ербол Сәрсенұлы|Бауыржан|Ильдар|Айрат Маратович|Магомед|Шамиль|Расул Алиев|
        Вагиф Ильгар оглы|Мамедов Эльчин Рауф оглы|Алишер Навоий ўғли|Тимур Серикулы|Олександр|Тарас|
        Андрій Ковальчук|Іванов І. І.|Иванов И. И.|И. И. Петров|Сидоров А.П.|Кузнецов Пётр Ильич|Aлeкceй|
        Cepгeй|⚡️Максим⚡️|Мак\u200bсим|\u202eИван\u202c|Вахтанг|Армен|Зураб Константинович""",
    "u": """А. П.|И. И. Шевченко|Бондаренко А.|Ким А. Б.|\u202e|♥️♥️|Кафе «Олена»|ТОО Айгерим|
        Барбершоп Тимур|Ⓜ️|Цветы от Марины|Сантехник Сочи|Ремонт квартир|Менеджер|Котик|Студия Ольги""",
}


def split(text: str) -> list[str]:
    return [name.strip() for name in text.split("|") if name.strip()]


@pytest.mark.parametrize(
    ("name", "sex"), [(name, sex) for sex, names in SURE.items() for name in split(names)]
)
def test_a_telling_name_is_told(name: str, sex: str) -> None:
    found = guess(name)
    assert found.gender == sex
    assert 0.9 <= found.confidence <= 1


@pytest.mark.parametrize(
    ("name", "sex"), [(name, sex) for sex, names in EASTERN.items() for name in split(names)]
)
def test_names_of_the_neighbours_and_unseen_letters_are_read(name: str, sex: str) -> None:
    assert guess(name).gender == sex


@pytest.mark.parametrize("name", split(OPEN))
def test_a_name_of_both_sexes_stays_open(name: str) -> None:
    assert guess(name) == UNKNOWN


@pytest.mark.parametrize("name", split(NOISE))
def test_what_is_no_persons_name_claims_nothing(name: str) -> None:
    assert guess(name) == UNKNOWN


@pytest.mark.parametrize(
    ("messages", "sex"),
    [
        (["я купила вчера", "Я уже не была там"], "f"),
        (["Здравствуйте, я записался на завтра"], "m"),
        (["я очень рада!"], "f"),
        (["сама я не смогла"], "f"),
        (["он сказал: «я купила»"], "u"),
        (["я думаю, мама купила"], "u"),
        (["посылка пришла"], "u"),
        (["я купил", "я купила"], "u"),
        (["я Саша купила"], "u"),
        (["", "👍", "да"], "u"),
    ],
)
def test_own_verbs_tell_where_the_name_is_open(messages: list[str], sex: str) -> None:
    assert guess("Саша", messages=messages).gender == sex


def test_a_name_goes_before_verbs() -> None:
    assert guess("Анна", messages=["я купил"]).gender == "f"


def test_the_source_and_the_confidence_are_told() -> None:
    assert guess("Анна", "Петрова").source == "surname+first_name"
    assert guess("Анна", "Петрова").confidence > guess("Анна").confidence
    assert guess("Evgeniya").source == "transliteration"
    assert guess(None, None) == UNKNOWN


KNOWN = st.sampled_from(split(SURE["f"] + "|" + SURE["m"] + "|" + OPEN))


@example(name="А н н а", noise="…", first=False)
@given(KNOWN, st.sampled_from(["☀️", "🌸✨", " ", "\u200d", "!!!", "♥", "\t", "…", "🇷🇺"]), st.booleans())
def test_emoji_and_blanks_around_a_name_change_nothing(name: str, noise: str, first: bool) -> None:
    assert guess(noise + name if first else name + noise) == guess(name)


@given(KNOWN, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_changes_nothing(name: str, change: object) -> None:
    assert guess(change(name)) == guess(name)  # type: ignore[operator]


@given(KNOWN)
def test_yo_changes_nothing(name: str) -> None:
    assert guess(name.replace("ё", "е")) == guess(name)


ALIKE = str.maketrans("аеорсухАЕОРСТХКМНВ", "aeopcyxAEOPCTXKMHB")


@given(st.sampled_from(split(SURE["f"] + "|" + SURE["m"])), st.data())
def test_letters_of_the_other_alphabet_never_turn_the_verdict(name: str, data: st.DataObject) -> None:
    swapped = "".join(c.translate(ALIKE) if data.draw(st.booleans()) else c for c in name)
    assert guess(swapped).gender in (guess(name).gender, "u")


@pytest.mark.parametrize("name", ["Mapия", "Аннa", "Cветлана", "Eлена", "Ирина Пeтрова", "Oльга", "Вeрoникa"])
def test_a_name_with_look_alikes_is_still_read(name: str) -> None:
    assert guess(name).gender == "f"


@given(st.text(max_size=300), st.text(max_size=50))
def test_any_text_gives_a_verdict(first: str, last: str) -> None:
    assert guess(first, last).gender in ("f", "m", "u")


def test_a_huge_name_is_read_in_no_time() -> None:
    assert guess("shchyaiy" * 10_000).gender == "u"
    assert len(spellings("shchyayuyoshchyayuyo")) <= 160


def test_words_are_plain() -> None:
    assert words("✨ Але\u0301на  ПЕТРОВА-Водкина 𝓐𝓷𝓷𝓪 ✨") == ["алена", "петрова", "водкина", "anna"]


@pytest.mark.parametrize("name", ["latin", "cyrillic"])
def test_no_listed_name_is_of_two_sexes(name: str) -> None:
    sections = lists._sections(f"{name}.txt")
    assert not sections["f"] & sections["m"]
    assert not sections["u"] & (sections["f"] | sections["m"])
    folder = Path(lists.__file__).parent
    assert (folder / f"{name}.txt").stat().st_size < 100_000


def test_the_dictionary_is_loaded_by_the_first_question_only() -> None:
    code = "import sys, bot.cli, core.people.gender.kept; sys.exit('pymorphy3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_table_is_answered_line_by_line(tmp_path: Path) -> None:
    source, target = tmp_path / "names.csv.gz", tmp_path / "out.csv"
    with gzip.open(source, "wt", encoding="utf-8-sig") as file:
        file.write('id;Name\n1;Анна\n2;"Иванов; Иван"\n3;\n4;☀️\n\n5;Саша\n')
    assert answer(source, target) == {"f": 1, "m": 1, "u": 3}
    assert target.read_text("utf-8").splitlines() == [
        "name,gender,confidence",
        "Анна,f,0.980",
        "Иванов; Иван,m,0.995",
        ",u,0.000",
        "☀️,u,0.000",
        "Саша,u,0.000",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no column `name`"),
        (b"a,b\n1,2\n", "no column `name`"),
        (b"\xff\xfe\x00\x01name", "not UTF-8"),
        (b"name\nAnna\n\xd0", "not UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_bad_table_is_told_and_nothing_is_written(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    source, target = tmp_path / "names.csv", tmp_path / "out.csv"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(NamesError, match=sentence):
        answer(source, target)
    assert [path.name for path in tmp_path.iterdir()] == (["names.csv"] if content is not None else [])


def test_an_archive_cut_short_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    source = tmp_path / "names.csv.gz"
    source.write_bytes(gzip.compress("name\nАнна\n".encode() * 100)[:-10])
    with pytest.raises(NamesError, match="cut short"):
        answer(source, tmp_path / "out.csv")
    with pytest.raises(NamesError, match="no such folder"):
        answer(source, tmp_path / "nowhere" / "out.csv")
