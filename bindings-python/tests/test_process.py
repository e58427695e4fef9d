"""The package as a part of a process: what an import brings, threads, memory, other interpreters."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from textwrap import dedent

import pytest

from counterfoil import History, Money, Period, RateCard, Wallet

ROUNDING = "half_even 0.01 total"


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", dedent(program)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_import_brings_nothing_large() -> None:
    """How long it takes is measured in `benches/python/run.py`; here, that it does not load what is asked for later."""
    loaded = run("import sys; before = set(sys.modules); import counterfoil; print(*sorted(set(sys.modules) - before))")
    roots = {name.partition(".")[0] for name in loaded.split()}
    assert "counterfoil" in roots
    assert not roots & {
        "pyarrow",
        "pandas",
        "polars",
        "numpy",
        "ipaddress",
        "dataclasses",
        "inspect",
        "typing_extensions",
    }


def test_another_interpreter_of_the_process_is_refused_and_not_broken() -> None:
    """PyO3 keeps its state by process: a second interpreter gets an `ImportError` that says so."""
    pytest.importorskip("_xxsubinterpreters" if sys.version_info < (3, 13) else "_interpreters")
    told = run(
        """
        import sys
        if sys.version_info < (3, 13):
            import _xxsubinterpreters as interpreters
        else:
            import _interpreters as interpreters
        import counterfoil
        program = (
            "try:\\n    import counterfoil\\n"
            "except ImportError as error:\\n    print('refused:', error, flush=True)\\n"
            "else:\\n    print('loaded', flush=True)\\n"
        )
        interpreters.run_string(interpreters.create(), program)
        print(counterfoil.Money("1", "CNY"))
        """
    )
    assert told.splitlines()[0].startswith("refused:") and told.splitlines()[-1] == "1 CNY"


def test_threads_that_import_at_once() -> None:
    assert (
        run(
            """
            import threading
            found = []
            def work():
                import counterfoil
                found.append(counterfoil.Money("1.10", "CNY") + counterfoil.Money("2.20", "CNY"))
            threads = [threading.Thread(target=work) for _ in range(8)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print({str(money) for money in found}, len(found))
            """
        )
        == "{'3.30 CNY'} 8"
    )


@pytest.mark.skipif(
    not Path("/proc/self/statm").is_file(), reason="the system does not tell how much memory a process holds"
)
def test_memory_does_not_grow(card: RateCard, history: History, day: Period, wallet: Wallet) -> None:
    """A million calls in a process of their own: most of them cheap, and some thousand of every other kind, errors too."""
    handles = pickle.dumps((card, history, day, wallet))
    grown = run(
        f"""
        import gc, pickle
        from counterfoil import Money, Spec, evaluate

        card, history, day, wallet = pickle.loads({handles!r})
        tariff, spec = card.tariff("server", day.start), Spec.server(cpu=4, ram=8)
        cent = Money("0.01", "CNY")

        def resident():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * 4

        def cheap(count):
            money = Money("0.00", "CNY")
            for _ in range(count):
                money = money + cent

        def others(count):
            for _ in range(count):
                tariff.rate(history.usage(day), rounding="{ROUNDING}").payable
                [line.subtotal for line in tariff.inquire(spec, days=2, rounding="{ROUNDING}").lines]
                wallet.plan("1", application="p", order="o", unit="vm", at=day.start, funding="debt").rows()
                evaluate("money.parse", '{{"text": "1"}}')
                try:
                    Money(0.1, "CNY")
                except ValueError as error:
                    str(error)

        cheap(10_000)
        others(500)
        gc.collect()
        before = resident()
        cheap(1_000_000)
        others(4_000)
        gc.collect()
        print(resident() - before)
        """
    )
    assert int(grown) < 2_048, f"{grown} KiB"


TABLE = """
        import pyarrow
        from counterfoil import bulk

        card = 'revision = "1"\\ncurrency = "CNY"\\nrates = [' \\
            '{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]'
        rater = bulk.Rater(
            card, quantities={"cpu": "core"}, rounding="portal", kind="server", mode="post_paid",
            window=("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z"),
        )
        rows, instant = 100_000, pyarrow.timestamp("us", "UTC")
        usage = pyarrow.table({
            "start": pyarrow.array([0] * rows, instant),
            "end": pyarrow.array([None] * rows, instant),
            "cpu": list(range(rows)),
        })
"""


@pytest.mark.skipif(
    not Path("/proc/self/statm").is_file(), reason="the system does not tell how much memory a process holds"
)
def test_the_memory_of_tables_is_used_again() -> None:
    """A hundred answers of 5 MiB each, from as many threads as there may be, hold no more than a few of them."""
    grown = run(
        f"""{TABLE}
        def resident():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * 4

        for threads in (1, 4):
            rater.rate(usage, threads=threads)
        before = resident()
        for threads in (1, 2, 3, 4) * 25:
            rater.rate(usage, threads=threads)
        print(resident() - before)
        """
    )
    assert int(grown) < 32 * 1_024, f"{grown} KiB"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not copy processes")
def test_a_process_that_is_forked_works_on() -> None:
    """As a server that is loaded once and forks its workers: threads of the parent are not in the child."""
    assert (
        run(
            f"""{TABLE}
        import os
        sums = lambda: pyarrow.compute.sum(pyarrow.table(rater.rate(usage, threads=2))["payable"]).as_py()
        import pyarrow.compute
        before = sums()
        child = os.fork()
        if child == 0:
            os._exit(0 if sums() == before else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), sums() == before)
        """
        )
        == "0 True"
    )


def test_many_threads_and_errors(card: RateCard) -> None:
    """Errors are raised where they belong, whatever other threads do."""
    wrong: list[object] = []

    def work(text: str, code: str) -> None:
        for _ in range(500):
            try:
                Money(text, "CNY")
            except ValueError as error:
                if getattr(error, "code", None) != code:
                    wrong.append(error)

    cases = [("1e3", "money.not_a_decimal"), ("-0", "money.negative_zero"), ("9" * 40, "money.too_many_digits")]
    threads = [threading.Thread(target=work, args=case) for case in cases * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
