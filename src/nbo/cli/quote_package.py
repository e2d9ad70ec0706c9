"""`nbo quote package`: the best set of components under a budget, from a pack's offer or from components as given.

    nbo quote package --component lounge:600:900:330 --component golf:900:1500:700 --budget 1000 --with golf
    nbo quote package rules/cn_credit_card --offer fee_package --budget 2000 --profile customer.json

A set that cannot be had is an answer: it says why, and the command exits 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from nbo.cli.shared import At, Format, Language, Output, load_engine, parse_at, read_profile, refuse
from nbo.diagnostics.diagnostic import Text as Words
from nbo.language.operations import as_amount, parse_exact
from nbo.pack.quotes.package import MOST_COMPONENTS, PackageTerms
from nbo.quote.package import Unavailable, in_fen, unavailable_components
from nbo.quote.package_choice import Choice, Component, choose
from nbo.quote.package_conflict import Conflict, conflict

_MOST_FEN = 10**14  # a budget or price of a trillion yuan was surely a slip

_WRONG = {
    "amount": Words(
        "{option} `{value}` is not an amount in whole fen such as 1500 or 1500.00",
        "{option} `{value}` 不是精确到分的金额，例如 1500 或 1500.00",
    ),
    "component": Words(
        "--component `{value}` is not ID:PRICE:LIST_VALUE:UNIT_COST, such as lounge:600:900:330",
        "--component `{value}` 应写作 标识:价格:标价:成本，例如 lounge:600:900:330",
    ),
    "price": Words("the price of `{value}` must be above 0", "`{value}` 的价格必须大于 0"),
    "twice": Words("the component `{value}` is given twice", "服务项目 `{value}` 重复给出"),
    "pair": Words(
        "{option} `{value}` names two components, such as guest:lounge",
        "{option} `{value}` 应写两个服务项目，例如 guest:lounge",
    ),
    "unknown": Words(
        "{option} `{value}`: there is no such component; there are {known}",
        "{option} `{value}`：没有该服务项目；现有 {known}",
    ),
    "many": Words("{value} components are more than {limit}", "{value} 个服务项目超过了 {limit} 个"),
    "source": Words(
        "name either components with --component, or a pack with --offer",
        "请用 --component 给出服务项目，或给出规则包和 --offer",
    ),
    "rules": Words(
        "{option} belongs to --component; a pack says it in its own files",
        "{option} 只与 --component 一起使用；规则包的规则写在文件里",
    ),
    "offer": Words(
        "the pack has no package `{value}`; its packages are {known}", "规则包中没有套餐 `{value}`；现有 {known}"
    ),
}
_REASONS = {
    "below_minimum": Words("the budget is below the price of every component", "预算低于任何一个服务项目的价格"),
    "no_saving": Words("nothing within the budget is worth more than it costs", "预算内没有价值高于价格的组合"),
    "nothing_available": Words("no component is available", "没有可选的服务项目"),
    "unavailable": Words("{first} is not available", "{first} 不可选"),
    "needs": Words(
        "{first} needs {second}, which is left out or not available", "{first} 需要 {second}，而后者被排除或不可选"
    ),
    "excludes": Words("{first} and {second} exclude each other", "{first} 与 {second} 不能同时选择"),
    "over_budget": Words(
        "what is to be kept costs {first}, more than the budget of {second}",
        "要保留的项目共 {first}，超过预算 {second}",
    ),
}
_LABELS = {
    "component": Words("Component", "服务项目"),
    "price": Words("Price", "价格"),
    "list_value": Words("List value", "标价"),
    "saving": Words("Saving", "节省"),
    "suggested": Words("Suggested", "推荐"),
    "yes": Words("yes", "是"),
    "total": Words("Suggested in all", "推荐合计"),
    "selected": Words("Nothing is selected: the customer chooses.", "尚未选择任何项目，由客户自己选择。"),
    "looked": Words("best of all sets, {count} looked at", "全部组合中的最优，实际比较 {count} 个"),
    "none": Words("No package: {reason}", "没有套餐：{reason}"),
}


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What can be chosen from, and what cannot with the reason in the language of the command."""

    components: Sequence[Component]
    labels: Mapping[str, str]
    unavailable: Mapping[str, Unavailable]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(each.id for each in self.components) | self.unavailable.keys()


def command(
    rules: Annotated[
        Path | None, typer.Argument(metavar="[RULES]", help="A rule pack, with --offer.", exists=True, file_okay=False)
    ] = None,
    budget: Annotated[
        str, typer.Option("--budget", metavar="YUAN", help="What the customer would spend at most.")
    ] = ...,  # type: ignore[assignment]  # typer's mark for an option that is required
    component: Annotated[
        list[str] | None,
        typer.Option("--component", metavar="ID:PRICE:LIST_VALUE:UNIT_COST", help="A component; may be repeated."),
    ] = None,
    only_with: Annotated[
        list[str] | None, typer.Option("--only-with", metavar="ID:ID", help="The first cannot work without the second.")
    ] = None,
    not_with: Annotated[
        list[str] | None, typer.Option("--not-with", metavar="ID:ID", help="The two exclude each other.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--with", metavar="ID", help="Only sets with this component.")
    ] = None,
    leave_out: Annotated[
        list[str] | None, typer.Option("--without", metavar="ID", help="Only sets without this component.")
    ] = None,
    offer: Annotated[str | None, typer.Option("--offer", metavar="ID", help="The package of the pack.")] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="FILE|-", help="The customer, who decides which components are available."),
    ] = None,
    at: At = None,
    output: Output = Format.TEXT,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the table and messages.")] = Language.EN,
) -> None:
    """Find the best set of components under a budget. Nothing is selected: the customer chooses."""
    if (rules is None) != (offer is None) or (offer is None) == (not component):
        _wrong(lang, "source")
    if offer is None or rules is None:
        shelf = _as_given(component or [], only_with or [], not_with or [], lang)
    else:
        for option, given in (("--only-with", only_with), ("--not-with", not_with)):
            if given:
                _wrong(lang, "rules", option=option)
        shelf = _of_offer(rules, offer, profile, at, lang)
    if len(shelf.components) > MOST_COMPONENTS:
        _wrong(lang, "many", value=len(shelf.components), limit=MOST_COMPONENTS)
    fen = _amount("--budget", budget, lang)
    kept, left_out = _ids("--with", keep, shelf, lang), _ids("--without", leave_out, shelf, lang)
    best = choose(shelf.components, fen, keep=kept, leave_out=left_out)
    why = None
    if best is None or best.list_value <= best.price:
        why = conflict(shelf.components, fen, keep=kept, leave_out=left_out)
    if output is Format.JSON:
        typer.echo(json.dumps(_plain(shelf, fen, best, why, lang), ensure_ascii=False, indent=2))
    else:
        Console().print(Group(*_shown(shelf, best, why, lang)))


# --- what there is ----------------------------------------------------------------------------------------------------


def _as_given(written: list[str], only_with: list[str], not_with: list[str], language: Language) -> _Shelf:
    needs, excludes = _pairs("--only-with", only_with, language), _pairs("--not-with", not_with, language)
    components: dict[str, Component] = {}
    for each in written:
        parts = each.split(":")
        if len(parts) != 4 or not parts[0]:
            _wrong(language, "component", value=each)
        name = parts[0]
        price, value, cost = (_amount("--component", part, language) for part in parts[1:])
        if price == 0:
            _wrong(language, "price", value=name)
        if name in components:
            _wrong(language, "twice", value=name)
        needed = frozenset(second for first, second in needs if first == name)
        excluded = frozenset(second for first, second in excludes if first == name)
        components[name] = Component(name, price, value, cost, needed, excluded)
    shelf = _Shelf([*components.values()], {name: name for name in components}, {})
    for option, pairs in (("--only-with", needs), ("--not-with", excludes)):
        _ids(option, [name for pair in pairs for name in pair], shelf, language)
    return shelf


def _of_offer(rules: Path, offer: str, profile: str | None, at: str | None, language: Language) -> _Shelf:
    engine = load_engine(rules, language)
    packages = {each.id: each.quote for each in engine.pack.offers if isinstance(each.quote, PackageTerms)}
    terms = packages.get(offer)
    if terms is None:
        _wrong(language, "offer", value=offer, known=", ".join(packages) or "-")
    facts = engine.prepare({} if profile is None else read_profile(profile), at=parse_at(at))
    unavailable = unavailable_components(terms, facts.values, engine.pack.dictionary)
    components = [in_fen(each) for each in terms.components if each.id not in unavailable]
    return _Shelf(components, {each.id: each.labels.get(language, each.id) for each in terms.components}, unavailable)


def _pairs(option: str, written: list[str], language: Language) -> list[tuple[str, str]]:
    pairs = []
    for each in written:
        first, colon, second = each.partition(":")
        if not (first and colon and second) or first == second:
            _wrong(language, "pair", option=option, value=each)
        pairs.append((first, second))
    return pairs


def _ids(option: str, written: list[str] | None, shelf: _Shelf, language: Language) -> frozenset[str]:
    for each in written or ():
        if each not in shelf.known:
            _wrong(language, "unknown", option=option, value=each, known=", ".join(sorted(shelf.known)))
    return frozenset(written or ())


def _amount(option: str, written: str, language: Language) -> int:
    """An amount of 0 or more in fen."""
    value = parse_exact(written)
    fen = None if value is None else value.scaleb(2)
    if fen is None or fen != fen.to_integral_value() or not 0 <= fen <= _MOST_FEN:
        _wrong(language, "amount", option=option, value=written)
    return int(fen)


def _wrong(language: Language, kind: str, **values: object) -> NoReturn:
    refuse(_WRONG[kind].fill(language, {name: str(value) for name, value in values.items()}))


# --- the answer -------------------------------------------------------------------------------------------------------


def _plain(
    shelf: _Shelf, budget: int, best: Choice | None, why: Conflict | None, language: Language
) -> dict[str, object]:
    """The published form: docs/schemas/package_quote.schema.json."""
    suggested = best.ids if best is not None and why is None else ()
    return {
        "type": "package",
        "budget": _yuan(budget),
        "suggested": list(suggested),
        "selected": [],
        "refused": None if why is None else {"code": why.code, "text": _reason(why, language)},
        "price": _yuan(best.price) if best is not None and suggested else None,
        "list_value": _yuan(best.list_value) if best is not None and suggested else None,
        "saving": _yuan(best.list_value - best.price) if best is not None and suggested else None,
        "component_count": len(suggested),
        "components": [
            {
                "id": each.id,
                "label": shelf.labels[each.id],
                "price": _yuan(each.price),
                "list_value": _yuan(each.list_value),
                "only_with": sorted(each.only_with),
                "not_with": sorted(each.not_with),
            }
            for each in shelf.components
        ],
        "not_available": [
            {"id": name, "code": each.code, "text": each.words.get(language), "missing": list(each.missing)}
            for name, each in shelf.unavailable.items()
        ],
        "looked_at": 0 if best is None else best.looked_at,
    }


def _shown(shelf: _Shelf, best: Choice | None, why: Conflict | None, language: Language) -> list[RenderableType]:
    suggested = best.ids if best is not None and why is None else ()
    table = Table(box=None, header_style="bold")
    table.add_column(_label("component", language))
    for name in ("price", "list_value", "saving"):
        table.add_column(_label(name, language), justify="right")
    table.add_column(_label("suggested", language))
    for each in shelf.components:
        mark = _label("yes", language) if each.id in suggested else ""
        amounts = (each.price, each.list_value, each.list_value - each.price)
        table.add_row(Text(shelf.labels[each.id]), *map(_yuan, amounts), mark)
    parts: list[RenderableType] = [table]
    for name, each_why in shelf.unavailable.items():
        parts.append(Text(f"{shelf.labels[name]}: {each_why.words.get(language, each_why.code)}", style="yellow"))
    if best is None or why is not None:
        reason = "" if why is None else _reason(why, language)
        return [*parts, "", Text(_LABELS["none"].fill(language, {"reason": reason}))]
    amounts = (best.price, best.list_value, best.list_value - best.price)
    table.add_section()
    table.add_row(_label("total", language), *map(_yuan, amounts))
    looked = _LABELS["looked"].fill(language, {"count": str(best.looked_at)})
    return [*parts, "", Text(_label("selected", language)), Text(looked, style="dim")]


def _reason(why: Conflict, language: Language) -> str:
    first, second = (_yuan(each) if isinstance(each, int) else each for each in why.about)
    return _REASONS[why.code].fill(language, {"first": first, "second": second})


def _label(name: str, language: Language) -> str:
    return _LABELS[name].fill(language)


def _yuan(fen: int) -> str:
    return as_amount(Decimal(fen).scaleb(-2))
