"""Where the marks of a plot stand: shares along one line, bars and columns as long as their counts."""

from __future__ import annotations

from nbo.workbench.evidence.drawing import Box, Dot, Label, Stroke
from nbo.workbench.figures.plots import Bar, Share, bars, columns, shares
from nbo.workbench.figures.rates import wilson


def test_a_share_is_a_dot_on_its_interval_and_the_widest_interval_ends_at_the_edge() -> None:
    half, tenth = wilson(50, 100), wilson(10, 100)
    assert half is not None
    assert tenth is not None
    plot = shares("a", "t", "d", [Share("half", half, "50%"), Share("tenth", tenth, "10%")])
    assert plot.height == 68
    assert [each for each in plot.marks if not isinstance(each, Label)] == [
        Stroke("0", "24.0", "360.0", "24.0"),
        Stroke("242.4", "24.0", "356.0", "24.0", "range"),
        Dot("299.2", "24.0", "4"),
        Stroke("0", "58.0", "360.0", "58.0"),
        Stroke("36.6", "58.0", "107.0", "58.0", "range"),
        Dot("63.0", "58.0", "4"),
    ]
    assert [each.text for each in plot.marks if isinstance(each, Label)] == ["half", "50%", "tenth", "10%"]


def test_the_longest_bar_is_as_wide_as_the_plot() -> None:
    boxes = [each for each in bars("a", "t", "d", [Bar("x", 4, ""), Bar("y", 1, "")]).marks if isinstance(each, Box)]
    assert [(each.width, each.tone) for each in boxes] == [
        ("360.0", "shade"), ("360.0", "main"), ("360.0", "shade"), ("90.0", "main"),
    ]  # fmt: skip


def test_columns_stand_side_by_side_on_one_line() -> None:
    plot = columns("a", "t", "d", [Bar("2026-11-01", 2, ""), Bar("2026-11-02", 0, ""), Bar("2026-11-03", 1, "")])
    boxes = [each for each in plot.marks if isinstance(each, Box)]
    assert [(each.x, each.height) for each in boxes] == [("40.0", "110.0"), ("160.0", "0.0"), ("280.0", "55.0")]
    assert {float(each.y) + float(each.height) for each in boxes} == {126.0}
    assert [each.text for each in plot.marks if isinstance(each, Label)] == ["2", "2026-11-01", "2026-11-03"]


def test_a_name_is_cut_where_it_would_run_into_its_number() -> None:
    def first(name: str) -> str:
        return next(each.text for each in bars("a", "t", "d", [Bar(name, 1, "1")]).marks if isinstance(each, Label))

    assert first("x" * 38) == "x" * 38
    assert first("x" * 39) == "x" * 38 + "…"
    assert first("客" * 20) == "客" * 19 + "…"


def test_plots_of_nothing_and_of_zeros_can_be_drawn() -> None:
    none = wilson(0, 1)
    assert none is not None
    for plot in (
        shares("a", "t", "d", []), bars("a", "t", "d", []), columns("a", "t", "d", []),
        bars("a", "t", "d", [Bar("x", 0, "0")]), columns("a", "t", "d", [Bar("x", 0, "")]),
        shares("a", "t", "d", [Share("x", none, "")]),
    ):  # fmt: skip
        assert plot.height > 0
