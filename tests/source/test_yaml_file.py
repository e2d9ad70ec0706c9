"""Rule files from careless and hostile hands: every mistake has a place, and nothing takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbo import DiagnosticError
from nbo.diagnostics.place import SourceText
from nbo.source.nodes import DEEPEST, MOST_NODES, Mapping, Scalar, to_plain
from nbo.source.yaml_file import MOST_BYTES, MOST_FINDINGS, parse_yaml, read_source

SECONDS = 8.0  # the slowest takes a tenth of that; a slip back to quadratic time takes minutes


@pytest.fixture(autouse=True)
def _in_bounded_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def problems(text: str) -> list[tuple[str, str, int, int]]:
    """Code, underlined text, line and column of each finding."""
    with pytest.raises(DiagnosticError) as raised:
        parse_yaml(SourceText("rules.yaml", "rules.yaml", text))
    found = []
    for each in raised.value.diagnostics:
        assert each.span is not None
        assert 0 <= each.span.start <= each.span.end <= len(each.span.source.text)
        assert each.message("zh") != each.message("en")
        found.append((each.code.id, each.span.text, each.span.line, each.span.column))
    return found


def read(path: Path) -> SourceText:
    return read_source(path, path.name, str(path))


def reading_problem(path: Path) -> str:
    with pytest.raises(DiagnosticError) as raised:
        read(path)
    (found,) = raised.value.diagnostics
    assert found.span is not None
    return f"{found.code.id} {found.span}"


# --- mistakes -----------------------------------------------------------------------------------------------------------


def test_all_duplicate_keys_and_tags_are_found_at_once() -> None:
    text = "a: 1\nb: !!python/object:os.system x\na: 2\nc: {d: 1, d: 2}\n"
    assert problems(text) == [
        ("NBO112", "!!python/object:os.system x", 2, 4),
        ("NBO113", "a", 3, 1),
        ("NBO113", "d", 4, 11),
    ]


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system [x]", "!include x", "!!str x", "!!binary aGk=", "! x"]
)
def test_no_tag_is_accepted(tag: str) -> None:
    assert problems(f"a: {tag}\n")[0][0] == "NBO112"


def test_a_second_document_is_refused() -> None:
    assert problems("a: 1\n---\nb: 2\n") == [("NBO109", "---", 2, 1)]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~", "null\n"])
def test_an_empty_file_is_a_mistake(text: str) -> None:
    assert problems(text)[0][0] == "NBO108"


def test_a_tab_for_indentation_is_shown() -> None:
    ((_, _, line, column),) = problems("a:\n\tb: 1\n")
    assert (line, column) == (2, 1)


def test_an_unknown_anchor_is_shown() -> None:
    assert problems("a: *nobody\n") == [("NBO114", "*nobody", 1, 4)]


def test_a_value_cannot_contain_itself() -> None:
    assert problems("a: &x [1, *x]\n") == [("NBO114", "*x", 1, 11)]


def test_a_list_as_a_key_is_a_mistake() -> None:
    assert problems("? [a, b]\n: c\n") == [("NBO115", "[a, b]", 1, 3)]


@pytest.mark.parametrize("text", ["a: [1, 2", "a: {b: 1", "a: 'x", 'a: "x', "a: b: c", "- a\nb: c\n", "a: @x", "%x"])
def test_what_is_not_yaml_has_a_place(text: str) -> None:
    assert problems(text)


def test_a_control_character_is_shown_at_its_own_column() -> None:
    ((code, underlined, line, column),) = problems("客户: 年龄\n名称: 李\x01四\n")
    assert (code, underlined, line, column) == ("NBO104", "\x01", 2, 6)


def test_half_a_surrogate_pair_is_shown() -> None:
    assert problems("a: x\ud800y\n") == [("NBO102", "\ud800", 1, 5)]


# --- files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, count: int) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" * count + b"a: 1\n")
    node = parse_yaml(read(path))
    assert isinstance(node, Mapping)
    assert to_plain(node) == {"a": 1}
    assert (node.keys_at["a"].line, node.keys_at["a"].column) == (1, 1)


def test_a_file_that_is_not_utf_8_shows_where(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: 1\n客户: 李".encode() + "四".encode("gb18030"))
    assert reading_problem(path) == "NBO102 a.yaml:2:6"


def test_a_byte_order_mark_does_not_move_the_place_of_what_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\nb: \xe6")
    assert reading_problem(path) == "NBO102 a.yaml:2:4"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030"])
def test_other_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("客户: 李四\n".encode(encoding))
    assert reading_problem(path).startswith("NBO102")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert reading_problem(tmp_path / "nowhere.yaml").startswith("NBO101")
    assert reading_problem(tmp_path).startswith("NBO101")


def test_a_file_of_50_mb_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    assert reading_problem(path).startswith("NBO103")


def test_a_file_of_just_the_allowed_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: " + b"x" * (MOST_BYTES - 4) + b"\n")
    value = parse_yaml(read(path))
    assert isinstance(value, Mapping)
    assert isinstance(value["a"], Scalar)
    assert len(value["a"].text) == MOST_BYTES - 4


# --- bounds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "{? ", "[{", "!!x [", "&a ["])
def test_a_hundred_thousand_levels_stop_early(opening: str) -> None:
    assert "NBO110" in {code for code, *_ in problems(opening * 100_000)}


def test_the_depth_that_is_allowed(tmp_path: Path) -> None:
    parse_yaml(SourceText("a", "a", "[" * (DEEPEST - 1) + "x" + "]" * (DEEPEST - 1)))
    assert problems("[" * DEEPEST + "x" + "]" * DEEPEST) == [("NBO110", "x", 1, DEEPEST + 1)]


def test_indented_blocks_count_as_levels() -> None:
    text = "".join(" " * level + "a:\n" for level in range(2_000))
    assert problems(text)[0][0] == "NBO110"


def test_an_alias_bomb_stops_at_the_bound() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
    assert problems(text)[0][0] == "NBO111"


def test_aliases_cannot_build_depth() -> None:
    """Each line is shallow; each contains the one before it."""
    text = "a0: &a0 x\n" + "".join(f"a{i}: &a{i} [[[[[*a{i - 1}]]]]]\n" for i in range(1, 5_000))
    assert problems(text)[0][0] == "NBO110"


def test_more_values_than_allowed() -> None:
    text = "- &a [" + "x," * 999 + "x]\n"
    parse_yaml(SourceText("a", "a", text + "- *a\n" * (MOST_NODES // 1_001 - 2)))
    assert problems(text + "- *a\n" * (MOST_NODES // 1_001 + 1))[0][0] == "NBO111"


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x " * 1_000_000,
        "a: '" + "''" * 1_000_000 + "'",
        'a: "' + "\\n" * 1_000_000 + '"',
        "a: |\n" + "  x\n" * 200_000,
        "a: >\n" + "  x\n\n" * 200_000,
        "a: 1\n" + "# comment\n" * 500_000,
        "a: 1" + "\n" * 2_000_000,
        "a: " + " " * 2_000_000 + "x",
    ],
    ids=["words", "quotes", "escapes", "literal", "folded", "comments", "empty lines", "spaces"],
)
def test_large_values_are_read_in_time_and_a_part_of_them_found(text: str) -> None:
    node = parse_yaml(SourceText("a", "a", text))
    assert isinstance(node, Mapping)
    for value in node.values():
        assert isinstance(value, Scalar)
        assert value.part(len(value.text) // 2, len(value.text) // 2 + 1).start <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{" * 1_000_000,
        "a: {{" + "x" * 2_000_000,
        "&" * 1_000_000,
        "*" * 1_000_000,
        "!" * 1_000_000,
        ": " * 1_000_000,
        "a: b: " * 300_000,
        '"' * 1_000_001,
        "a: '" + "x" * 2_000_000,
        'a: "' + "\\" * 2_000_001,
        "%" * 1_000_000,
        "a: [" + "[]," * 60_000,
        "a: [" + "'x'," * 60_000,
        "- \t" * 300_000,
        "k" * 2_000_000 + ": 1",
        "\t" * 1_000_000,
        "a\n" * 500_000 + "b: c",
        "a: 1\n b: 2\n" * 200_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_large_nonsense_is_refused_in_time(text: str) -> None:
    assert problems(text)


def test_a_flood_of_mistakes_is_cut_off() -> None:
    assert len(problems("a: 1\n" * 100_000)) == MOST_FINDINGS


def test_a_full_width_colon_in_a_key_over_two_lines_is_shown() -> None:
    assert problems("{a: 1,\n b\n c：d}")[0][1] == "："
