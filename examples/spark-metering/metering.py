"""Meter and rate a day of many servers on Apache Spark, and hold the result against that of one process.

Writes the rows as Parquet, starts a standalone master and workers on loopback, runs `counterfoil.bulk` in
`mapInArrow`, and compares every row with the one that the same function makes in this process. With --kill-worker a
worker is killed in the middle of a task, and the answer has to be the same.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from pyspark import SparkContext, TaskContext
from pyspark.sql import SparkSession
from tqdm import tqdm

import rating
from cluster import Cluster, environment
from comparison import DiffersError, compare
from folder import NAME, fresh
from inventory import write

# Bars are for a terminal; elsewhere the lines below them say enough.
ROWS = {"unit": " rows", "unit_scale": True, "disable": None}


def main() -> int:
    options = arguments()
    # What `mapInArrow` hands over is Arrow: pandas is imported, and not used.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    # What was started is stopped, also when this is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    folder = fresh(options.folder)
    inputs, outputs, cluster = (folder / name for name in ("resource-days", "rated", "cluster"))

    with tqdm(total=options.rows, desc="writing resource-days", **ROWS) as bar:
        for rows in write(inputs, options.rows):
            bar.update(rows)
    took = run(inputs, outputs, cluster, options)
    print(
        f"Spark on {options.workers} workers: {options.rows / took:,.0f} rows/s, {took:.1f} s from Parquet to Parquet"
    )

    states: Counter[str] = Counter()
    payable = Decimal(0)
    try:
        with tqdm(total=options.rows, desc="comparing with one process", **ROWS) as bar:
            for compared in compare(inputs, outputs):
                states.update(compared.states)
                payable += compared.payable
                bar.update(compared.rows)
    except DiffersError as difference:
        print(f"DIFFERENT: {difference}", file=sys.stderr)
        return 1
    counts = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
    print(f"the same, bit for bit: {options.rows:,} rows ({counts}), payable {payable:,}")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="A million rows take 60 MB on disk.",
    )
    parser.add_argument(
        "--rows", type=int, default=1_000_000, metavar="N", help="how many resource-days (default: a million)"
    )
    parser.add_argument(
        "--workers", type=int, default=2, metavar="N", help="how many workers, of one core each (default: 2)"
    )
    parser.add_argument("--kill-worker", action="store_true", help="kill a worker (-9) in the middle of a task")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("spark-metering-out"),
        help=f"where a folder {NAME} with data and logs is made (default: %(default)s)",
    )
    options = parser.parse_args()
    if options.rows < 1 or options.workers < 1:
        parser.error("there is at least one row and one worker")
    if options.kill_worker and options.workers < 2:
        parser.error("who loses a worker needs another one: --workers 2")
    return options


def run(inputs: Path, outputs: Path, folder: Path, options: argparse.Namespace) -> float:
    """Meter and rate all files on a cluster; how many seconds that took, without the start of the cluster."""
    tasks = max(16, options.rows // 2_500_000)
    with Cluster(folder, options.workers) as cluster:
        spark = session(cluster.master, inputs, folder, options.workers, tasks)
        try:
            marker = folder / "held" if options.kill_worker else None
            start = time.monotonic()
            frame = spark.read.parquet(str(inputs)).mapInArrow(task(marker, tasks // 2), rating.RATED_IN_SPARK)
            job = threading.Thread(target=frame.write.parquet, args=[str(outputs)], daemon=True)
            failed = watch(spark.sparkContext, job, lambda: kill_once(cluster, marker))
            took = time.monotonic() - start
        finally:
            spark.stop()
    if not (outputs / "_SUCCESS").exists():
        raise RuntimeError(f"Spark did not finish; its logs are in {folder}")
    if options.kill_worker and not failed:
        raise RuntimeError("no task was lost with the worker: this shows nothing")
    return took


def session(master: str, inputs: Path, folder: Path, workers: int, tasks: int) -> SparkSession:
    """A session with all workers, and a task for so many parts of the input."""
    os.environ.update(environment(folder / "driver"), PYSPARK_PYTHON=sys.executable)
    (folder / "driver").mkdir()
    size = sum(file.stat().st_size for file in inputs.iterdir())
    settings = {
        "spark.cores.max": workers,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.cores": 1,
        "spark.executor.memory": "768m",
        # No task before all workers are there.
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "60s",
        "spark.sql.execution.arrow.maxRecordsPerBatch": 65_536,
        "spark.sql.files.maxPartitionBytes": -(-size // tasks),
        "spark.sql.files.openCostInBytes": 0,
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master(master).appName("spark-metering")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.addPyFile(rating.__file__)
    return spark


def task(marker: Path | None, held: int) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What Spark runs for each part of the input.

    With a marker, the first part from a number on is held in its first attempt once it has given some rows, and the
    marker says where it runs: so a kill is always in the middle of a task, and after others were done.
    """

    def metered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield rating.meter_and_rate(batch)
            context = TaskContext.get()
            if marker and context and context.partitionId() >= held and context.attemptNumber() == 0:
                try:
                    with marker.open("x") as file:
                        file.write(os.getcwd())
                except FileExistsError:
                    continue
                time.sleep(120)
                raise RuntimeError("nobody killed this worker")

    return metered


def watch(context: SparkContext, job: threading.Thread, each_time: Callable[[], object]) -> int:
    """Show how many tasks are done until the job has ended; how many were lost."""
    tracker = context.statusTracker()
    failed = 0
    job.start()
    with tqdm(desc="Spark", unit=" tasks", disable=None) as bar:
        while job.is_alive():
            each_time()
            for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
                # The stage of the one task that reads the schema is over when this one starts.
                if stage:
                    bar.total, bar.n, failed = stage.numTasks, stage.numCompletedTasks, stage.numFailedTasks
                    bar.refresh()
            job.join(0.05)
        bar.n = bar.total
    return failed


def kill_once(cluster: Cluster, marker: Path | None) -> None:
    """Kill the worker that a held task said it runs on."""
    if marker and marker.exists() and (where := marker.read_text()):
        marker.write_text("")
        tqdm.write(f"killed {cluster.kill_worker(Path(where))} in the middle of a task")


if __name__ == "__main__":
    sys.exit(main())
