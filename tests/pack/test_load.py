"""Loading a pack: policy cannot silently vanish, one mistake hides no other, and a decision can name exactly its rules."""

from __future__ import annotations

import dataclasses
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from pack_copy import AT, BASE, PackCopy

import nbo
from nbo.diagnostics.diagnostic import Severity

GOLD, INSTALLMENT, SCRIPT = "offers/gold.yaml", "offers/installment.yaml", "scripts/installment.yaml"
CLAUSE = "customer.age >= 18"


def test_the_base_pack_is_clean(pack: PackCopy) -> None:
    loaded, found = pack.check()
    assert found == []
    assert loaded is not None
    assert [each.id for each in loaded.offers] == ["gold", "installment"]


# --- parts: named, there, and nothing beside them ---------------------------------------------------------------------

PARTS = ["dictionary", "offers", "scripts", "gates", "arbitration", "contact", "authority", "compliance"]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_named_or_said_to_be_none(pack: PackCopy, part: str) -> None:
    lines = pack.text("pack.yaml").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith((f"{part}:", "  - " if part == "compliance" else "\x00"))]
    found = pack.write("pack.yaml", "".join(kept)).check()[1]
    required = [each.message() for each in found if each.code.id == "NBO131"]
    assert required == [f"`{part}` is required here"]


@pytest.mark.parametrize("part", ["scripts", "gates", "arbitration", "contact"])
def test_a_part_may_be_stated_to_be_none_and_then_its_files_are_surplus(pack: PackCopy, part: str) -> None:
    folder = part == "scripts"
    pack.edit("pack.yaml", f"{part}: {part}{'/' if folder else '.yaml'}", f"{part}: {{none: the bank has none}}")
    if folder:  # a sales offer needs its script, so it goes too
        pack.change(lambda root: (root / INSTALLMENT).unlink())
        pack.edit("arbitration.yaml", "[installment]", "[card_upgrade]")
        pack.edit("gates.yaml", "[sales]", "[service]")
        pack.edit("contact.yaml", "  suppress_when", "  kinds: [service]\n  suppress_when")
    surplus = "scripts/" if folder else f"{part}.yaml"
    assert pack.findings() == [(surplus, "NBO121")]
    pack.change(lambda root: shutil.rmtree(root / part) if folder else (root / surplus).unlink())
    loaded, found = pack.check()
    assert found == []
    assert loaded is not None
    if part == "contact":
        assert loaded.contact is None


@pytest.mark.parametrize("written", ["{none: }", "{none: why, path: x}", "[gates.yaml]", "{nothing: why}", ""])
def test_none_needs_a_reason_and_stands_alone(pack: PackCopy, written: str) -> None:
    found = pack.edit("pack.yaml", "gates: gates.yaml", f"gates: {written}").check()[1]
    assert [each.code.id for each in found] in (["NBO132"], ["NBO135"])


@pytest.mark.parametrize("part", ["dictionary", "offers"])
def test_a_pack_without_a_dictionary_or_offers_cannot_be(pack: PackCopy, part: str) -> None:
    old = f"{part}: {'offers/' if part == 'offers' else 'dictionary.yaml'}"
    assert pack.edit("pack.yaml", old, f"{part}: {{none: why}}").only("NBO132")


def test_an_empty_list_of_compliance_packs_is_no_way_to_have_none(pack: PackCopy) -> None:
    text = pack.text("pack.yaml")
    start, end = text.index("compliance:"), text.index("authority:")
    pack.write("pack.yaml", text[:start] + "compliance: []\n" + text[end:])
    pack.only("NBO132")


@pytest.mark.parametrize("name", ["gates.yaml", "dictionary.yaml", "../compliance/rate.yaml", GOLD])
def test_a_file_that_is_gone_is_noticed_or_changes_the_hash(pack: PackCopy, name: str) -> None:
    before = pack.check()[0]
    found = pack.change(lambda root: (root / name).unlink()).check()[1]
    if name == GOLD:  # a file of a folder is not named by itself; the hash of the pack tells
        after = pack.check()[0]
        assert before is not None
        assert after is not None
        assert after.hash != before.hash
    else:
        assert [each.code.id for each in found] == ["NBO120"]


@pytest.mark.parametrize(
    "name", ["old.yaml", "offers/gold.yaml~", "offers/gold.yml", "offers/old/gold.yaml", "notes.txt"]
)
def test_a_file_that_nothing_names_is_an_error(pack: PackCopy, name: str) -> None:
    pack.write(name, "offer: x\n").only("NBO121")


@pytest.mark.parametrize("name", [".hidden", ".git/config", "README.md", "offers/notes.md", "notes/why.md"])
def test_notes_and_hidden_files_may_lie_about(pack: PackCopy, name: str) -> None:
    assert pack.write(name, "anything").findings() == []


def test_a_folder_that_nothing_names_is_one_finding(pack: PackCopy) -> None:
    for number in range(20):
        pack.write(f"drafts/{number}.yaml", "offer: x")
    assert pack.findings() == [("drafts/", "NBO121")]


def test_a_misspelt_path_is_one_finding_with_the_right_one(pack: PackCopy) -> None:
    found = pack.edit("pack.yaml", "offers: offers/", "offers: offer/").only("NBO120")
    assert found.help() == "did you mean `offers`?"


# --- paths and links --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["../../gates.yaml", "/etc/passwd", "offers/../../../etc/passwd", "/", "../.."])
def test_a_path_that_leaves_the_rules_is_refused_whether_it_exists_or_not(pack: PackCopy, path: str) -> None:
    found = pack.edit("pack.yaml", "authority: {none: the pack waives nothing}", f"authority: {path}").only("NBO122")
    assert path in found.message()


@pytest.mark.parametrize("name", ["gates.yaml", "offers/more.yaml", "offers"])
def test_a_link_that_leaves_the_rules_is_refused(pack: PackCopy, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    target = outside / Path(name).name
    outside.mkdir()
    if name == "offers":
        shutil.move(pack.root / name, target)
    else:
        target.write_text(pack.text("gates.yaml" if name == "gates.yaml" else GOLD))
        (pack.root / name).unlink(missing_ok=True)
    (pack.root / name).symlink_to(target)
    assert "NBO122" in {code for _, code in pack.findings()}


def test_a_link_inside_the_rules_is_fine(pack: PackCopy) -> None:
    shared = pack.root.parent / "shared_gates.yaml"
    shutil.move(pack.root / "gates.yaml", shared)
    (pack.root / "gates.yaml").symlink_to(shared)
    assert pack.findings() == []


def test_links_in_a_circle_are_found_and_end(pack: PackCopy) -> None:
    (pack.root / "offers" / "a.yaml").symlink_to("b.yaml")
    (pack.root / "offers" / "b.yaml").symlink_to("a.yaml")
    (pack.root / "again").symlink_to(pack.root)
    assert {code for _, code in pack.findings()} == {"NBO101"}


def test_a_pipe_is_no_rule_file(pack: PackCopy) -> None:
    os.mkfifo(pack.root / "offers" / "pipe.yaml")
    found = pack.only("NBO101")
    assert "it is no file" in found.message()


@pytest.mark.parametrize("path", ["x" * 5_000, "a\\0b", " ", "~/gates.yaml", "gates.yaml/x", "*.yaml"])
def test_a_path_that_cannot_be_is_absent(pack: PackCopy, path: str) -> None:
    pack.edit("pack.yaml", "authority: {none: the pack waives nothing}", f'authority: "{path}"')
    assert "NBO120" in {code for _, code in pack.findings()}


def test_a_folder_where_a_file_is_needed(pack: PackCopy) -> None:
    assert "NBO125" in {code for _, code in pack.edit("pack.yaml", "gates: gates.yaml", "gates: .").findings()}


def test_a_folder_without_rules_is_absent(pack: PackCopy) -> None:
    pack.edit("pack.yaml", "gates: gates.yaml", "tests: cases/\ngates: gates.yaml").write("cases/README.md", "soon")
    assert pack.only("NBO120").message() == "`cases/*.yaml`, named as tests, does not exist"


@pytest.mark.parametrize("folder", ["nowhere", "pack/offers", "pack/gates.yaml"])
def test_a_folder_that_is_no_pack(pack: PackCopy, folder: str) -> None:
    loaded, found = nbo.check(pack.root.parent / folder, at=AT)
    assert loaded is None
    assert [each.code.id for each in found] == ["NBO123"]


def test_file_names_that_are_no_text_can_be_shown(pack: PackCopy) -> None:
    with open(os.fsencode(pack.root) + b"/offers/\xff\x1b[31m.yaml", "wb") as stream:  # noqa: PTH123 - a name of bytes
        stream.write(b"offer: [")
    found = pack.only("NBO119")
    assert found.span is not None
    assert found.span.source.name.isprintable()
    assert found.span.source.path.encode()


# --- offers and what they refer to ------------------------------------------------------------------------------------


def test_an_offer_without_eligibility_does_not_load(pack: PackCopy) -> None:
    found = pack.edit(GOLD, f"eligibility:\n  - {CLAUSE}\n", "").only("NBO131")
    assert found.message() == "`eligibility` is required here"
    pack.write(GOLD, pack.text(GOLD) + "eligibility:\n").only("NBO132")


@pytest.mark.parametrize("key", ["value", "propensity", "script"])
def test_a_sales_offer_needs_its_value_propensity_and_script(pack: PackCopy, key: str) -> None:
    start = pack.text(INSTALLMENT).index(f"{key}:")
    rest = pack.text(INSTALLMENT)[start:].splitlines(keepends=True)
    block = rest[0] + "".join(line for line in rest[1:3] if line.startswith(" "))
    found = pack.edit(INSTALLMENT, block, "").check()[1]
    assert [each.message() for each in found if each.code.id == "NBO303"] == [f"a sales offer needs `{key}`"]
    assert all(each.help() for each in found)


SECOND_RULE = """  - {id: NO-FEE, kind: forbid, text: {zh: x, en: x}, citation: x, evidence: official,
     in_force: {from: 2022-01-01}, severity: block, terms: [x]}
"""
SECOND_TREATMENT = "  - {id: plain, version: 1, channels: [app], segments: [{stage: close, text: {zh: x, en: x}}]}\n"
SECOND_CONTACT = "- {id: refused_recently, suppress_when: customer.age < 18, reason: {zh: x, en: x}}\n"


@pytest.mark.parametrize(
    ("name", "added", "kind"),
    [
        ("gates.yaml", "- {id: recording, when: call.recording_on, reason: {zh: x, en: x}}\n", "gate"),
        ("contact.yaml", SECOND_CONTACT, "contact rule"),
        ("../compliance/wording.yaml", SECOND_RULE, "rule"),
        (SCRIPT, SECOND_TREATMENT, "treatment"),
    ],
)
def test_an_id_is_used_once(pack: PackCopy, name: str, added: str, kind: str) -> None:
    found = pack.write(name, pack.text(name) + added).only("NBO301")
    assert found.message().startswith(f"the {kind} `")
    assert f"at {name}:" in found.message()


def test_offers_and_scripts_of_one_name_in_two_files(pack: PackCopy) -> None:
    pack.write("offers/more.yaml", pack.text(GOLD)).write("scripts/more.yaml", pack.text(SCRIPT))
    assert pack.findings() == [("offers/more.yaml", "NBO301"), ("scripts/more.yaml", "NBO301")]


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("row", None), ("customer", "NBO308"), ("history", "NBO308"), ("offer", "NBO309"), ("quote", "NBO309"),
        ("it", "NBO309"), ("segment", "NBO309"), ("in", "NBO309"), ("a-b", "NBO309"), ("记录", None), ("ｒｏｗ", "NBO309"),
    ],
)  # fmt: skip
def test_the_name_of_a_record_is_free_and_can_be_written(pack: PackCopy, alias: str, code: str | None) -> None:
    pack.edit(INSTALLMENT, "value:", f"for_each: {{record: history, as: {alias}}}\nvalue:")
    assert [found for _, found in pack.findings()] == ([] if code is None else [code])


def test_the_fields_of_a_record_can_be_read_in_its_own_offer_only(pack: PackCopy) -> None:
    pack.edit(INSTALLMENT, "value:", "for_each: {record: history, as: row}\nvalue:")
    pack.edit(INSTALLMENT, "account.days_past_due == 0", "row.family == installment")
    assert pack.findings() == []
    assert pack.edit(GOLD, CLAUSE, "row.family == installment").only("NBO314")


def test_two_records_cannot_share_a_name(pack: PackCopy) -> None:
    pack.edit("dictionary.yaml", "history:", "purchases: {records: {amount: {type: money}}}\nhistory:")
    pack.edit(GOLD, "eligibility:", "for_each: {record: purchases, as: row}\neligibility:")
    pack.edit(INSTALLMENT, "value:", "for_each: {record: history, as: row}\nvalue:")
    assert pack.only("NBO308").span is not None


def test_an_unknown_record_is_one_finding(pack: PackCopy) -> None:
    pack.edit(INSTALLMENT, "value:", "for_each: {record: histories, as: row}\nvalue:").only("NBO302")


# --- dates and personalization ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expired"),
    [("2026-06-29T12:00:00+08:00", False), ("2026-06-30T12:00:00+08:00", False), ("2026-07-01T12:00:00+08:00", True)],
)
def test_an_offer_that_has_ended_is_a_warning_by_the_clock_that_is_given(
    pack: PackCopy, at: str, *, expired: bool
) -> None:
    pack.edit(GOLD, "kind: service", "kind: service\nvalid: {from: 2026-01-01, through: 2026-06-30}")
    loaded, found = pack.check(datetime.fromisoformat(at))
    assert loaded is not None
    ended = [(each.code.id, each.severity) for each in found if each.code.id != "NBO620"]
    assert ended == ([("NBO305", Severity.WARNING)] if expired else [])


def test_profile_attributes_need_an_opt_out(pack: PackCopy) -> None:
    opted_out = "personalization: {opted_out: consent.personalization_opt_out}\n"
    pack.edit("pack.yaml", opted_out, "").only("NBO311")
    pack.edit("dictionary.yaml", "use: profile", "use: context")
    assert pack.findings() == []
    pack.edit("dictionary.yaml", "presented_at: {type: datetime}", "presented_at: {type: datetime, use: profile}").only(
        "NBO311"
    )


# --- the hash and what it names ---------------------------------------------------------------------------------------

FILES = sorted(os.path.relpath(path, BASE / "pack") for path in BASE.rglob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_the_hash_changes_with_the_content_of_every_file(pack: PackCopy, name: str) -> None:
    before = pack.check()[0]
    after = pack.write(name, pack.text(name) + "# a comment\n").check()[0]
    assert before is not None
    assert after is not None
    assert before.hash != after.hash


def test_the_hash_does_not_depend_on_the_place_nor_on_notes(pack: PackCopy, tmp_path: Path) -> None:
    other = PackCopy(tmp_path / "elsewhere" / "deep").write("README.md", "notes")
    first, second = pack.check()[0], other.check()[0]
    assert first is not None
    assert second is not None
    assert first.hash == second.hash
    assert len(first.hash) == 64


def test_the_hash_tells_two_files_that_have_changed_places(pack: PackCopy) -> None:
    before = pack.write("offers/a.yaml", pack.text(GOLD).replace("offer: gold", "offer: a")).check()[0]
    pack.change(lambda root: (root / "offers" / "a.yaml").rename(root / "offers" / "b.yaml"))
    after = pack.check()[0]
    assert before is not None
    assert after is not None
    assert before.hash != after.hash


def test_a_byte_order_mark_and_windows_line_ends_are_read(pack: PackCopy) -> None:
    pack.write(GOLD, b"\xef\xbb\xbf" + pack.text(GOLD).replace("\n", "\r\n").encode())
    assert pack.findings() == []
    pack.edit(GOLD, CLAUSE, "customer.agee >= 18")
    span = pack.only("NBO203").span
    assert span is not None
    assert (span.line, span.column, span.text) == (6, 5, "customer.agee")


def test_a_pack_cannot_be_changed(pack: PackCopy) -> None:
    loaded = pack.check()[0]
    assert loaded is not None
    parts: list[object] = [
        loaded,
        *loaded.offers,
        *loaded.gates,
        *loaded.compliance,
        loaded.arbitration,
        loaded.offers[1].quote,
    ]
    for part in parts:
        with pytest.raises(dataclasses.FrozenInstanceError):
            part.id = "other"
    for mapping in (loaded.scripts, loaded.authorities):
        with pytest.raises(TypeError):
            mapping["more"] = None


# --- one mistake hides no other, and is reported once -----------------------------------------------------------------

BROKEN = [
    ("pack.yaml", "currency: CNY", "currency: ¥"),
    ("pack.yaml", "gates: gates.yaml", "gate: gates.yaml"),
    ("pack.yaml", "languages: [zh, en]", "languages: [zh, fr]"),
    ("dictionary.yaml", "type: integer, min: 0, max: 9999", "type: int"),
    ("dictionary.yaml", "consent:", "consent: 1\nconsents:"),
    (INSTALLMENT, "kind: sales", "kind: [sales"),
    (INSTALLMENT, "kind: sales", "kind: sale"),
    (INSTALLMENT, "family: installment", "family: installment\nfamily: other"),
    (SCRIPT, "version: 1", "version: one"),
    (SCRIPT, "script: installment", "script: [installment"),
    ("gates.yaml", "id: recording", "id: [recording"),
    ("arbitration.yaml", "value:", "values:"),
    ("contact.yaml", "- id: refused_recently", "id: refused_recently"),
    ("../compliance/choice.yaml", "kind: require", "kind: requires"),
    ("../compliance/rate.yaml", "coverage: illustrative", "coverage: some"),
]


@pytest.mark.parametrize(("name", "old", "new"), BROKEN)
def test_a_broken_file_is_one_finding_and_hides_no_other(pack: PackCopy, name: str, old: str, new: str) -> None:
    alone = pack.edit(name, old, new).findings()
    assert [found for found, _ in alone] == [name], "one mistake, one finding, in its own file"
    pack.edit(GOLD, CLAUSE, "customer.agee >= 18")
    assert sorted(pack.findings()) == sorted([*alone, (GOLD, "NBO203")])


def test_what_the_dictionary_has_broken_is_not_reported_as_unknown(pack: PackCopy) -> None:
    pack.edit("dictionary.yaml", "response: {type: enum,", "response: {type: enumm,")
    assert pack.only("NBO134").span is not None


def test_the_rest_of_a_file_with_a_mistake_is_checked(pack: PackCopy) -> None:
    pack.edit(SCRIPT, "stage: disclosure", "stage: disclose").edit(SCRIPT, "（单利）", "{{ quote.simple }}")
    pack.edit(
        GOLD, f"- {CLAUSE}", "- [a, list]\n  - customer.agee >= 18\n  - {when: customer.citty == x, reason: none}"
    )
    assert pack.findings() == [
        (GOLD, "NBO132"),
        (GOLD, "NBO203"),
        (GOLD, "NBO132"),
        (SCRIPT, "NBO501"),
        (SCRIPT, "NBO134"),
    ]


def test_what_is_written_once_and_used_twice_is_wrong_once(pack: PackCopy) -> None:
    text = pack.text(SCRIPT).replace("segments:", "segments: &all", 1).replace("（单利）", "{{ quote.simple }}")
    pack.write(SCRIPT, text + "  - {id: again, version: 1, channels: [app], segments: *all}\n").only("NBO501")


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "clause",
    [
        "customer.agee >= 18",
        '"customer.city == \\"北京\\" and customer.agee >= 18"',
        "'customer.city == \"it''s\" and customer.agee >= 18'",
        ">-\n    customer.city == \"北京\"\n    and\n    customer.agee >= 18",
        "|\n    客户 == 1 or\n    customer.agee >= 18",
        "customer.city == \"x\"\n    and customer.agee >= 18",
        '"customer.city == \\"\\u5317\\"\n    and customer.agee >= 18"',
        "{when: customer.agee >= 18, reason: {zh: 年龄, en: age}}",
    ],
)  # fmt: skip
def test_a_mistake_in_a_condition_is_underlined_where_it_stands(pack: PackCopy, clause: str) -> None:
    found = pack.edit(GOLD, CLAUSE, clause).check()[1]
    spans = [each.span for each in found if each.code.id == "NBO203" and each.span is not None]
    assert "customer.agee" in [span.text for span in spans]
    text = pack.text(GOLD)
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_a_mistake_in_a_placeholder_is_underlined_in_quoted_and_folded_texts(pack: PackCopy) -> None:
    pack.edit(SCRIPT, "zh: 办不办由您决定。", "zh: >-\n            办不办\n            由您决定{{ quote.x }}。")
    pack.edit(SCRIPT, "en: It is up to you.", 'en: "It\\u2019s up to you {{ quote.y }}."')
    found = pack.check()[1]
    assert [each.span.text for each in found if each.span is not None] == ["{{ quote.x }}", "{{ quote.y }}"]
