"""One mistake each, made in a copy of the small base pack: what people who mean harm, or broken programs, hand over.

`MISTAKES` are small; `EXHAUSTING` would take all the memory or the time of a machine, so they are checked in a process of
their own. What nbo says to each stands in `golden/NAME.txt`, in English and in Chinese.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

Change = Callable[[Path], object]  # of the pack's folder

GOLD = "offers/gold.yaml"
HEAD = (
    "offer: gold\nfamily: card_upgrade\nkind: service\nlabel: {zh: 金卡, en: Gold card}\npriority: 10\neligibility:\n"
)
HEADING = "customer.risk_grade,customer.age,monthly\n"
CLOCK = "at: 2026-11-16T10:30:00+08:00\n"


def wrote(name: str, content: str | bytes) -> Change:
    """A file with this content."""

    def change(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return change


def edited(name: str, old: str, new: str) -> Change:
    """A file with one text replaced."""

    def change(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_bytes(text.replace(old, new, 1).encode())

    return change


def condition(text: str) -> Change:
    """An offer with this condition, quoted."""
    return wrote(GOLD, f"{HEAD}  - {_quoted(text)}\n")


def linked(name: str, target: str) -> Change:
    """A file replaced by a link."""

    def change(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(target)

    return change


def tested(text: str) -> Change:
    """A pack with this file of tests."""

    def change(root: Path) -> None:
        edited("pack.yaml", "gates: gates.yaml", "tests: tests/\ngates: gates.yaml")(root)
        wrote("tests/cases.yaml", CLOCK + text)(root)

    return change


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _without(name: str) -> Change:
    return lambda root: (root / name).unlink()


def _gates_at(path: str) -> Change:
    """A pack whose gates are another file than the one it has."""
    return both(edited("pack.yaml", "gates: gates.yaml", f"gates: {path}"), _without("gates.yaml"))


def _pipe(root: Path) -> None:
    (root / "gates.yaml").unlink()
    os.mkfifo(root / "gates.yaml")


def _folder_in_place_of_a_file(root: Path) -> None:
    (root / "gates.yaml").unlink()
    (root / "gates.yaml").mkdir()


def _elsewhere(root: Path) -> None:
    """A folder beside the rules, with a file that a link could leak."""
    (root.parent.parent / "elsewhere").mkdir()
    (root.parent.parent / "elsewhere" / "secret.yaml").write_text("- password: hunter2\n")


def _zeros(size: int, name: str) -> Change:
    """A file of zeros that takes no room on the disk."""

    def change(root: Path) -> None:
        with (root / name).open("wb") as stream:
            stream.truncate(size)

    return change


CONDITIONS: Mapping[str, str] = {
    "an_import": "__import__('os').system('true') == 0",
    "a_call_of_eval": 'eval("1") == 1',
    "a_walk_to_the_class": "customer.age.__class__ == 1",
    "a_walk_to_all_classes": "().__class__.__bases__[0].__subclasses__() == 1",
    "a_method_of_a_text": 'customer.city.upper() == "A"',
    "a_format_of_a_text": '"{0.__class__}".format(customer.age) == "a"',
    "a_name_of_the_interpreter": "__builtins__ == 1",
    "a_lambda": "(lambda: customer.age)() > 18",
    "a_list_comprehension": "[each for each in history] == 1",
    "a_generator": "any(each for each in history)",
    "a_dictionary": "{1: 2} == 1",
    "an_assignment_inside": "(age := customer.age) > 18",
    "an_assignment": "customer.age = 18",
    "a_second_statement": "customer.age > 18; customer.age > 1",
    "a_condition_of_python": "customer.age > 18 if customer.age else false",
    "an_f_string": 'f"{customer.city}" == "a"',
    "bytes": 'b"a" == customer.city',
    "an_escape_in_a_text": r'customer.city == "\x41"',
    "a_power_of_powers": "10**10**10 > customer.age",
    "a_shift": "customer.age << 1000000000 > 0",
    "a_text_times_a_number": '"a" * 1000000000 == customer.city',
    "an_index": "history[0] == 1",
    "an_await": "await customer.age > 1",
    "a_star": "min(*history) > 1",
    "a_number_of_400_digits": f"customer.age < {'9' * 400}",
    "a_hexadecimal_number": "customer.age > 0x12",
    "a_digit_of_another_script": "customer.age > ١٨",
    "an_invisible_character_in_a_name": "customer.a\u200bge > 18",
    "a_turned_writing_direction": "\u202ecustomer.age > 18",
    "a_zero_character": "customer.age > 18\x00",
    "601_operators": "customer.age > 1" + " and customer.age > 1" * 300,
    "31_brackets": "(" * 31 + "customer.age > 18" + ")" * 31,
    "25_factors": " * ".join(["customer.age"] * 25) + " > 1",
    "a_question_inside_a_question": "any(history, any(history, it.family == installment))",
}

FILES: Mapping[str, Change] = {
    "a_key_twice": wrote(GOLD, HEAD + "  - customer.age >= 18\nfamily: installment\n"),
    "a_tag_that_runs_python": wrote(GOLD, HEAD + '  - !!python/object/apply:os.system ["true"]\n'),
    "a_tag_of_yaml": edited("offers/gold.yaml", "priority: 10", "priority: !!int 10"),
    "an_alias_of_itself": wrote(GOLD, HEAD + "  - &loop [*loop]\n"),
    "an_alias_of_nothing": wrote(GOLD, HEAD + "  - *nothing\n"),
    "a_merge_key": wrote(GOLD, HEAD.replace("{zh", "&words {zh") + "  - customer.age >= 18\n<<: *words\n"),
    "two_documents": wrote(GOLD, HEAD + "  - customer.age >= 18\n---\n" + HEAD),
    "a_tab_in_the_indentation": wrote(GOLD, HEAD + "\t- customer.age >= 18\n"),
    "a_file_in_utf_16": wrote(GOLD, (HEAD + "  - customer.age >= 18\n").encode("utf-16")),
    "a_file_in_gb_18030": wrote(GOLD, (HEAD + "  - customer.age >= 18\n").encode("gb18030")),
    "half_of_a_character": wrote(GOLD, HEAD.encode()[:-1] + b"\xe9\x87"),
    "half_of_a_surrogate_pair": wrote(GOLD, HEAD.encode() + b"  - \xed\xa0\x80\n"),
    "a_file_of_zeros": _zeros(100, GOLD),
    "an_escape_for_the_terminal": wrote(GOLD, HEAD + "  - customer.age >= 18 \x1b[2J\n"),
    "nothing_but_a_byte_order_mark": wrote(GOLD, b"\xef\xbb\xbf"),
    "a_byte_order_mark_inside": wrote(GOLD, HEAD + "  - customer.age >= 18\n\ufeffpriority: 1\n"),
    "an_empty_file": wrote(GOLD, ""),
    "a_list_as_a_key": wrote(GOLD, HEAD + "  - customer.age >= 18\n[a, b]: 1\n"),
    "41_levels": wrote(GOLD, HEAD + "  - " + "[" * 41 + "]" * 41 + "\n"),
    "a_bracket_that_is_not_closed": wrote(GOLD, HEAD + "  - {when: customer.age >= 18\n"),
    "a_list_in_place_of_a_mapping": wrote(GOLD, "- offer: gold\n"),
    "a_number_past_every_bound": edited(GOLD, "priority: 10", f"priority: 1{'0' * 400}"),
    "a_formula_in_a_circle": edited("dictionary.yaml", "max: 120}", "max: 120, derived: customer.age + 1}"),
}

FOLDERS: Mapping[str, Change] = {
    "a_link_out_of_the_rules": both(_elsewhere, linked("gates.yaml", "../../elsewhere/secret.yaml")),
    "a_link_to_a_folder_outside": both(_elsewhere, _gates_at("linked/secret.yaml"), linked("linked", "../../elsewhere")),
    "a_link_to_a_device": linked("gates.yaml", "/dev/zero"),
    "a_link_to_nothing": linked("gates.yaml", "no_such_file.yaml"),
    "a_link_to_itself": linked("gates.yaml", "gates.yaml"),
    "a_link_among_the_offers": both(_elsewhere, linked("offers/more.yaml", "../../../elsewhere/secret.yaml")),
    "a_part_with_two_dots": both(_elsewhere, _gates_at("../../elsewhere/secret.yaml")),
    "a_part_with_an_absolute_path": _gates_at("/etc/passwd"),
    "a_table_with_two_dots": both(
        _elsewhere, _without("tables/fee.csv"), edited("tables.yaml", "tables/fee.csv", "tables/../../../elsewhere/secret.yaml")
    ),
    "a_part_that_is_missing": _without("gates.yaml"),
    "a_part_that_is_a_folder": _folder_in_place_of_a_file,
    "a_part_that_is_a_pipe": _pipe,
    "a_part_with_a_zero_in_its_path": _gates_at('"gates\\0"'),
    "a_part_with_an_endless_path": _gates_at("x" * 5_000),
    "a_file_that_nobody_names": wrote("old_gates.yaml", "- id: old\n"),
    "an_offer_with_another_ending": wrote("offers/silver.yml", HEAD),
    "a_file_whose_name_commands_the_terminal": wrote("offers/\x1b[31mred\n.txt", "x"),
    "no_pack_yaml": _without("pack.yaml"),
}  # fmt: skip

TABLES: Mapping[str, Change] = {
    "a_quote_that_is_not_closed": wrote("tables/fee.csv", HEADING + 'A,"-,0\n'),
    "a_row_that_is_too_long": wrote("tables/fee.csv", HEADING + "-,-,0,1\n"),
    "a_heading_that_runs_python": wrote("tables/fee.csv", "__import__('os'),monthly\n-,0\n"),
    "a_cell_that_runs_python": wrote("tables/fee.csv", HEADING + "-,__import__('os'),0\n"),
    "a_spreadsheet_formula": wrote("tables/fee.csv", HEADING + "-,-,=1+1\n"),
    "semicolons": wrote("tables/fee.csv", HEADING.replace(",", ";") + "-;-;0\n"),
    "a_table_that_is_not_utf_8": wrote("tables/fee.csv", (HEADING + "金,-,0\n").encode("gbk")),
    "an_empty_table": wrote("tables/fee.csv", ""),
    "a_zero_character_in_a_cell": wrote("tables/fee.csv", HEADING + "-,1\x008,0\n"),
}

TESTS: Mapping[str, Change] = {
    "a_persona_that_inherits_from_itself": tested(
        "personas: {a: {inherits: b}, b: {inherits: a}}\ncases: [{id: one, about: One., persona: a, winner: gold}]\n"
    ),
    "a_persona_above_which_stand_too_many": tested(
        "personas:\n  p0: {}\n"
        + "".join(f"  p{number}: {{inherits: p{number - 1}}}\n" for number in range(1, 102))
        + "cases: [{id: one, about: One., persona: p101, winner: gold}]\n"
    ),
    "a_persona_with_data_that_is_refused": tested(
        "personas: {a: {profile: {customer: {age: NaN}}}}\ncases: [{id: one, about: One., persona: a, winner: gold}]\n"
    ),
    "a_persona_that_nobody_has_written": tested("cases: [{id: one, about: One., persona: a, winner: gold}]\n"),
}

LAUGHS = "".join(f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9) or '1'}]\n" for level in range(1, 12))
EXHAUSTING: Mapping[str, Change] = {
    "10000_parentheses": condition("(" * 5_000 + "customer.age > 18" + ")" * 5_000),
    "10000_operators": condition("customer.age > " + "-" * 10_000 + "1"),
    "4000_nots": condition("not " * 4_000 + "true"),
    "a_condition_of_a_megabyte": condition("customer.age > 1 and " * 50_000 + "true"),
    "a_condition_of_one_name": condition("a" * 1_000_000 + " > 1"),
    "an_alias_bomb": wrote(GOLD, "x0: &x0 1\n" + LAUGHS + HEAD + "  - customer.age >= 18\n"),
    "a_deep_alias_bomb": wrote(
        GOLD, "x0: &x0 [1]\n" + "".join(f"x{each}: &x{each} [*x{each - 1}]\n" for each in range(1, 50)) + HEAD
    ),
    "100000_levels_of_brackets": wrote(GOLD, HEAD + "  - " + "[" * 100_000 + "]" * 100_000 + "\n"),
    "100000_levels_of_braces": wrote(GOLD, HEAD + "  - " + "{a: " * 100_000 + "}" * 100_000 + "\n"),
    "100000_levels_of_dashes": wrote(GOLD, "- " * 100_000 + "a\n"),
    "a_file_of_50_megabytes": _zeros(50 * 1024 * 1024, GOLD),
    "a_pack_yaml_of_50_megabytes": _zeros(50 * 1024 * 1024, "pack.yaml"),
    "a_table_of_50_megabytes": _zeros(50 * 1024 * 1024, "tables/fee.csv"),
    "a_million_values": wrote(GOLD, HEAD + "  - [" + "a," * 1_000_000 + "]\n"),
    "200001_cells": wrote("tables/fee.csv", HEADING + "-,-,0\n" * 66_667),
    "one_cell_of_seven_megabytes": wrote("tables/fee.csv", HEADING + f"-,{'x' * 7_000_000},0\n"),
}

MISTAKES: Mapping[str, Change] = {
    **{name: condition(text) for name, text in CONDITIONS.items()},
    **FILES,
    **FOLDERS,
    **TABLES,
    **TESTS,
}
