"""Tables in bulk: what goes in, what comes out, and what is said of what is wrong."""

from __future__ import annotations

import copy
import doctest
import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest
from bulk_world import DAY, DISKS, INSTANT, LIBRARIES, PARTS, QUANTITIES, WINDOW, Row, only, rater, rows_of, table
from conftest import CARD, ROUNDING

from counterfoil import CounterfoilError, InvalidInput, Period, RateCard, bulk

ROWS = [
    Row(),
    Row(start=None),
    Row(start=-90, end=30),
    Row(start=-90, end=-30),
    Row(mode="pre_paid"),
    Row(mode="gratis"),
    Row(amounts={"cpu": -1}),
    Row(amounts={"cpu": None, "disk": 50, "public_ip": 1}),
]
# Half-even cents; a day of `Row()` is 24 × (0.01 + 2 × 0.066 + 4.5 × 0.012) = 4.704.
EXPECTED = [
    ("rated", Decimal("4.70"), Decimal("4.70"), None),
    ("faulty", None, None, "arrow.null_in_column"),
    ("rated", Decimal("0.10"), Decimal("0.10"), None),
    ("absent", None, None, None),
    ("rated", Decimal("4.70"), Decimal("0.00"), None),
    ("faulty", None, None, "metering.unknown_charge_mode"),
    ("faulty", None, None, "units.negative"),
    ("rated", Decimal("3.84"), Decimal("3.84"), None),
]


def figures(batches: Any) -> list[tuple[Any, ...]]:
    names = ("state", "original", "payable", "code")
    return [tuple(row[name] for name in names) for row in rows_of(batches)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_same_from_every_library(library: str) -> None:
    rated = rater().rate(LIBRARIES[library](table(ROWS)))
    assert figures(rated) == EXPECTED
    assert [row["resource"] for row in rows_of(rated)] == [f"i-{number}" for number in range(len(ROWS))]
    assert rated.num_rows == len(rated) == len(ROWS)


def test_every_library_reads_it() -> None:
    rated = rater().rate(table(ROWS))
    expected = [payable for _, _, payable, _ in EXPECTED]
    for _ in range(2):  # as often as one likes
        assert pa.table(rated)["payable"].to_pylist() == expected
        assert polars.DataFrame(rated)["payable"].to_list() == expected
        assert pa.RecordBatchReader.from_stream(rated).read_all()["payable"].to_pylist() == expected
        assert [amount for (amount,) in duckdb.sql("select payable from rated").fetchall()] == expected
        assert pa.table(rated).to_pandas()["payable"].tolist() == expected
    # It outlives what made it.
    exported = pa.table(rated)
    del rated
    assert exported["payable"].to_pylist() == expected


def test_columns_and_their_types() -> None:
    schema = pa.schema(rater(usage="parts").output_schema(table(ROWS)))
    assert schema.names == [
        *("resource", "state", "micros", "payable_micros", "original", "payable"),
        *(f"{name}_{what}" for name in QUANTITIES for what in ("used", "payable")),
        "code",
    ]
    assert schema.field("payable").type == pa.decimal128(38, 2)
    assert schema.field("payable").metadata == {b"counterfoil.unit": b"CNY", b"counterfoil.scale": b"2"}
    assert schema == pa.table(rater(usage="parts").rate(table(ROWS))).schema
    assert schema == pa.schema(rater(usage="parts").output_schema(table(ROWS).schema))
    scaled = pa.table(rater(money="scaled").rate(table(ROWS)))
    assert scaled.schema.field("payable").type == pa.int64() and scaled["payable"][0].as_py() == 470
    wanted = pa.schema(rater().schema)
    assert wanted.names[:3] == ["resource", "start", "end"] and wanted.field("start").type == INSTANT
    assert str(rater().schema).splitlines()[1] == 'start: Timestamp(µs, "UTC")'
    assert rater().schema == rater().schema and rater().schema != rater(mode="pre_paid").schema
    assert hash(rater().schema) == hash(rater().schema)


TEXTS = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    *(pa.dictionary(keys, pa.string()) for keys in (pa.int8(), pa.int32(), pa.uint16(), pa.int64())),
]


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_text_of_every_type(text: pa.DataType) -> None:
    assert figures(rater(kind=None).rate(table(ROWS, text=text))) == EXPECTED


NUMBERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.decimal32(9, 2), pa.decimal64(18, 2), pa.decimal128(38, 2)]


@pytest.mark.parametrize("number", NUMBERS, ids=str)
def test_numbers_of_every_type(number: pa.DataType) -> None:
    rows = [Row(amounts={"cpu": 2}), Row(amounts={"cpu": None}), Row(amounts={"cpu": -1})]
    rated = rater().rate(table(rows, PARTS | {"cpu": number}))
    assert [code for _, _, _, code in figures(rated)] == [None, None, "units.negative"]
    assert [row["payable"] for row in rows_of(rated)] == [Decimal("3.41"), Decimal("0.24"), None]


def changed(column: str, to: pa.DataType | None) -> pa.Table:
    usage = table([Row()])
    place = usage.schema.get_field_index(column)
    return usage.remove_column(place) if to is None else usage.set_column(place, column, usage[column].cast(to))


@pytest.mark.parametrize(
    ("usage", "code"),
    [
        (lambda: changed("cpu", pa.float64()), "arrow.float_column"),
        (lambda: changed("ram", pa.float32()), "arrow.float_column"),
        (lambda: changed("cpu", pa.string()), "arrow.column_type"),
        (lambda: changed("cpu", pa.decimal256(40, 0)), "arrow.column_type"),
        (lambda: changed("start", pa.timestamp("us")), "arrow.column_type"),
        (lambda: changed("end", pa.timestamp("ms", "UTC")), "arrow.column_type"),
        (lambda: changed("mode", pa.binary()), "arrow.column_type"),
        (lambda: changed("cpu", None), "arrow.missing_column"),
        (lambda: changed("resource", None), "arrow.missing_column"),
        (lambda: table([Row()]).append_column("cpu", pa.array([1])), "arrow.repeated_column"),
    ],
)
def test_what_is_wrong_with_a_table_is_raised(usage: Any, code: str) -> None:
    wrong: pa.Table = usage()
    for each in (wrong, wrong.slice(0, 0), wrong.schema.empty_table()):
        with pytest.raises(CounterfoilError) as caught:
            rater().rate(each)
        assert caught.value.code == code and caught.value.message("zh") != str(caught.value)
        with pytest.raises(CounterfoilError):
            rater().stream(each)


def test_a_zone_is_any_and_counts_in_utc() -> None:
    usage = table(ROWS)
    for name in ("start", "end"):
        place = usage.schema.get_field_index(name)
        usage = usage.set_column(place, name, usage[name].cast(pa.timestamp("us", "Asia/Shanghai")))
    assert figures(rater().rate(usage)) == EXPECTED


def test_no_rows_and_no_batches() -> None:
    usage = table(ROWS)
    nothing = pa.RecordBatchReader.from_batches(usage.schema, [])
    empty = pa.RecordBatchReader.from_batches(usage.schema, [batch.slice(0, 0) for batch in usage.to_batches() * 3])
    for each in (usage.slice(0, 0), usage.schema.empty_table(), nothing, empty, polars.from_arrow(usage.slice(0, 0))):
        rated = rater().rate(each)
        assert rated.num_rows == 0 and pa.table(rated).schema.names[-1] == "code"
        assert bulk.faults(rated).num_rows == 0
    with pytest.raises(CounterfoilError, match="row"):
        rater().row(usage.slice(0, 0), 0)


def test_faults_over_all_batches() -> None:
    usage = pa.concat_tables([table(ROWS), table([]), table(ROWS[5:]), table(ROWS[:2])])
    rated = rater().rate(usage)
    expected = [(row, code) for row, (_, _, _, code) in enumerate(EXPECTED + EXPECTED[5:] + EXPECTED[:2]) if code]
    for each in (rated, pa.table(rated)):
        assert [(row["row"], row["code"]) for row in rows_of(bulk.faults(each))] == expected
    with pytest.raises(CounterfoilError) as caught:
        bulk.faults(usage)
    assert caught.value.code == "arrow.missing_column"


def test_a_row_tells_all() -> None:
    usage = pa.concat_tables([table(ROWS), table(ROWS)])
    for number, (_, original, payable, code) in enumerate(EXPECTED * 2):
        if code is None:
            expected = None if payable is None else (original, payable)
            assert rater().row(usage, number) == expected
            why = rater().explain(usage, number)
            assert (why and (why.original, why.payable)) == expected
            assert why is None or why.recompute() == (original, payable)
        else:
            with pytest.raises(CounterfoilError) as caught:
                rater().row(usage, number)
            assert caught.value.code == code
    why = rater().explain(usage, 0)
    assert why is not None and "core·hour" in str(why) and "合计" not in str(why) and why.text("zh") != str(why)
    assert [line.part for line in why.lines] == ["base", "cpu", "ram"]
    assert sum(line.subtotal for line in why.lines) == why.payable and "<table>" in why._repr_html_()
    assert why == rater().explain(usage, 8) and why != rater().explain(usage, 2)
    assert hash(why) == hash(rater().explain(usage, 8))
    for wrong in (-1, True, 1.0, len(usage), 2**70, None):
        with pytest.raises(CounterfoilError):
            rater().row(usage, wrong)  # type: ignore[arg-type]


def test_histories_in_lists() -> None:
    def span(start: int, end: int | None, cpu: int, mode: str = "post_paid") -> dict[str, Any]:
        row = Row(start=start, end=end)
        return {"start": row.instants()[0], "end": row.instants()[1], "mode": mode, "cpu": cpu}

    lives = [[span(0, 360, 1), span(360, 720, 4), span(720, None, 4, "pre_paid")], [], None, [span(0, 60, 2), None]]
    fields = [("start", INSTANT), ("end", INSTANT), ("mode", pa.string()), ("cpu", pa.int64())]
    for of in (pa.list_, pa.large_list):
        usage = pa.table({"history": pa.array(lives, of(pa.struct(fields)))})
        rated = rater(spans="lists", quantities={"cpu": "core"}, passed=[]).rate(usage)
        codes = [None, "metering.no_spans", "arrow.null_in_column", "arrow.null_in_column"]
        assert [row["code"] for row in rows_of(rated)] == codes
        # 6 h × 1 × 0.066 + 6 h × 4 × 0.066 are payable, and 12 h × 4 × 0.066 are paid.
        assert (rows_of(rated)[0]["original"], rows_of(rated)[0]["payable"]) == (Decimal("5.15"), Decimal("1.98"))


def test_tariffs_by_kind_by_place_and_for_all() -> None:
    quantities = QUANTITIES | DISKS
    disk = Row(kind="disk", mode="post_paid", amounts={"size": 10})
    usage = table([Row(), disk, Row(kind="balloon"), Row(kind=None)], PARTS | {"size": pa.int64()})
    # A disk has no base fee: the fee of all rows is no part of its tariff.
    by_kind = rows_of(rater(kind=None, quantities=PARTS_ONLY | DISKS).rate(usage))
    assert [row["payable"] for row in by_kind] == [Decimal("4.46"), Decimal("10.20"), None, None]
    assert [row["code"] for row in by_kind[2:]] == ["arrow.no_tariff", "arrow.null_in_column"]

    card = RateCard.from_toml(CARD)
    pairs = [("disk", DAY), card.tariff("server", DAY), ("server", "2024-02-20T00:00:00Z")]
    placed = usage.append_column("tariff", pa.array([1, 0, 7, 2], pa.uint32()))
    rated = rows_of(
        bulk.Rater(card, quantities=PARTS_ONLY | DISKS, rounding=ROUNDING, window=WINDOW, tariffs=pairs).rate(placed)
    )
    assert [row["payable"] for row in rated] == [Decimal("4.46"), Decimal("10.20"), None, Decimal("4.46")]
    assert rated[2]["code"] == "bulk.unknown_id"
    handles = [card.tariff("disk", DAY), card.tariff("server", DAY)]
    of_handles = bulk.Rater(None, quantities=quantities, rounding=ROUNDING, window=WINDOW, tariffs=handles)
    assert rows_of(of_handles.rate(placed.slice(0, 1)))[0]["payable"] == Decimal("4.70")


PARTS_ONLY = {name: unit for name, unit in QUANTITIES.items() if name != "base"}


def test_windows_of_rows_and_of_days() -> None:
    usage = table([Row(), Row()])
    windows = [DAY, None]
    usage = usage.append_column("window_start", pa.array(windows, INSTANT))
    usage = usage.append_column("window_end", pa.array([WINDOW[1]] * 2, INSTANT))
    rated = rows_of(rater(window=None, at=DAY).rate(usage))
    assert [row["code"] for row in rated] == [None, "arrow.null_in_column"]
    assert rated[0]["payable"] == Decimal("4.70")
    for window in (date(2024, 2, 20), "2024-02-20", Period(*WINDOW), {"start": DAY, "end": WINDOW[1]}):
        assert rows_of(rater(window=window).rate(usage))[0]["payable"] == Decimal("4.70")
    # Midnight in Shanghai is at 16:00 the day before: eight hours of it are before these servers began.
    shanghai = rater(window=date(2024, 2, 20), zone="Asia/Shanghai").rate(usage)
    assert rows_of(shanghai)[0]["micros"] == 16 * 3_600_000_000


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"window": None}, "wire.bad_input"),
        ({"window": 5}, "wire.bad_input"),
        ({"window": (WINDOW[1], DAY)}, "time.reversed"),
        ({"window": (DAY.replace(tzinfo=None), WINDOW[1])}, "time.not_an_instant"),
        ({"window": "2024-02-30"}, "time.not_a_date"),
        ({"rounding": "nearest"}, "money.unknown_rounding"),
        ({"rounding": "bss_intl"}, "pricing.rounds_elsewhere"),
        ({"spans": "list"}, "wire.bad_input"),
        ({"usage": "all"}, "wire.bad_input"),
        ({"money": "float"}, "wire.bad_input"),
        ({"mode": "gratis"}, "metering.unknown_charge_mode"),
        ({"quota": "gratis"}, "metering.unknown_policy"),
        ({"passed": "resource"}, "wire.bad_input"),
        ({"passed": ["resource", "resource"]}, "arrow.repeated_column"),
        ({"quantities": {"cpu": "cores"}}, "units.unknown_unit"),
        ({"quantities": {"cpu": 1.0}}, "wire.bad_input"),
        ({"quantities": ["cpu"]}, "wire.bad_input"),
        ({"quantities": {"cpu": "core", "cores": bulk.Column("core", part="cpu")}}, "bulk.repeated_column"),
        ({"quantities": {"cpu": bulk.Column("core", scale=29)}}, "bulk.bad_scale"),
        ({"quantities": {"base": bulk.Constant(1.0, "count")}}, "money.float"),  # type: ignore[arg-type]
        ({"tariffs": [("server", DAY)]}, "wire.bad_input"),
        ({"tariffs": [5], "kind": None}, "wire.bad_input"),
    ],
)
def test_what_is_wrong_with_a_rater(options: dict[str, Any], code: str) -> None:
    with pytest.raises(CounterfoilError) as caught:
        rater(**options)
    assert caught.value.code == code


def test_quantities_by_metadata() -> None:
    cpu = pa.field("cpu", pa.int64(), metadata={"counterfoil.unit": "core"})
    ram = pa.field("ram", pa.int64(), metadata={"counterfoil.unit": "GiB", "counterfoil.scale": "2"})
    described = bulk.quantities(pa.schema([cpu, ram, pa.field("other", pa.int64())]))
    assert described == {"cpu": bulk.Column("core", part="cpu"), "ram": bulk.Column("GiB", part="ram", scale=2)}
    usage = table([Row(amounts={"cpu": 2, "ram": 450})], {"cpu": pa.int64(), "ram": pa.int64()})
    described["base"] = bulk.Constant(1, "count")
    assert only(rater(quantities=described).rate(usage))["payable"] == Decimal("4.70")
    with pytest.raises(CounterfoilError) as caught:
        bulk.quantities(pa.schema([pa.field("cpu", pa.int64(), metadata={"counterfoil.unit": "lightyear"})]))
    assert caught.value.code == "arrow.column_metadata"


@pytest.mark.parametrize("wrong", [5, None, "usage", [], {}, object(), pa.array([1]), polars.Series([1])], ids=repr)
def test_what_is_no_table(wrong: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        rater().rate(wrong)
    assert caught.value.code in ("wire.bad_input", "arrow.source_failed")


def test_a_rater_goes_to_another_process() -> None:
    made = [rater(), rater(kind=None, at=DAY, window=None, tariffs=[("server", DAY)]), rater(window=Period(*WINDOW))]
    for each in made:
        for again in (pickle.loads(pickle.dumps(each)), copy.copy(each), copy.deepcopy(each)):
            assert repr(again) == repr(each) and again.schema == each.schema
    assert figures(pickle.loads(pickle.dumps(made[0])).rate(table(ROWS))) == EXPECTED


def test_it_shows_its_first_rows() -> None:
    rated = rater().rate(table(ROWS * 2))
    text = str(rated)
    assert text.splitlines()[0].split(" | ")[0] == "resource" and text.endswith("… 6 more rows")
    assert "arrow.null_in_column" in text and "4.70" in text
    html = table([Row()]).append_column("<b>", pa.array(["<script>"]))
    shown = rater(passed=["<b>"]).rate(html)._repr_html_()
    assert "&lt;script&gt;" in shown and "<script>" not in shown
    assert "rows of resource, state" in repr(rated)


def test_the_documentation_runs() -> None:
    ran = doctest.testmod(bulk)
    assert ran.attempted > 30 and ran.failed == 0
