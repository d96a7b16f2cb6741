from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

from markupsafe import Markup

from portavoce.web.charts import Series, Target, hbars, line


def parsed(chart: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(chart))


def texts(chart: Markup) -> list[str]:
    return [element.text or "" for element in parsed(chart).iter("text")]


def test_bars_start_at_zero_and_carry_their_number() -> None:
    chart = hbars([("Email", 10, "10"), ("Phone", 20, "20")], "Contacts")
    widths = [float(bar.attrib["width"]) for bar in parsed(chart).iter("rect")]
    assert widths[1] == 2 * widths[0]
    assert texts(chart) == ["Email", "10", "Phone", "20"]


def test_a_month_without_contacts_draws_no_bar_and_does_not_fail() -> None:
    chart = hbars([("Email", 0, "0")], "Contacts")
    assert [bar.attrib["width"] for bar in parsed(chart).iter("rect")] == ["0.0"]
    assert parsed(hbars([], "Contacts")).attrib["role"] == "img"


def test_no_data_is_a_gap_and_not_a_zero() -> None:
    chart = line(["a", "b", "c", "d"], [Series("Us", [80, 82, None, 85])], "Finding")
    runs = [run.attrib["points"].count(",") for run in parsed(chart).iter("polyline")]
    assert runs == [2, 1]


def test_a_series_without_any_value_draws_nothing() -> None:
    chart = line(["a"], [Series("Us", [None])], "Finding")
    assert not list(parsed(chart).iter("polyline"))
    assert "Us" not in texts(chart)


def test_line_names_never_cover_each_other_or_the_target() -> None:
    series = [Series("One", [80, 85]), Series("Two", [80, 85.5]), Series("Three", [70, 84.5])]
    chart = line(["a", "b"], series, "Finding", target=Target(85, "Target 85"))
    spots = re.findall(r'y="([\d.]+)"[^>]*>(?:One|Two|Three|Target 85)<', str(chart))
    ordered = sorted(map(float, spots))
    assert len(ordered) == 4
    assert all(upper - lower >= 13.9 for lower, upper in pairwise(ordered))


def test_the_finding_is_read_out_and_hostile_names_stay_text() -> None:
    chart = hbars([("<script>alert(1)</script>", 1, '"')], 'Finding "quoted"')
    assert parsed(chart).attrib["aria-label"] == 'Finding "quoted"'
    assert "<script>" not in str(chart)
