"""A standalone Spark cluster on loopback: a master and workers, each a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

import pyspark

_CONF = Path(__file__).parent / "conf"
_LOOPBACK = "127.0.0.1"
_PATIENCE_S = 60


class Cluster:
    """A master and so many workers of one core, from `with` to its end."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = folder
        self._count = workers
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}
        self.master = ""

    def __enter__(self) -> Cluster:
        try:
            master = self._folder / "master"
            self._start(master, "org.apache.spark.deploy.master.Master", "--port", "0")
            self.master = self._address(master)
            for number in range(1, self._count + 1):
                worker = self._folder / f"worker-{number}"
                options = ["--cores", "1", "--memory", "1g", "--work-dir", str(worker)]
                self._start(worker, "org.apache.spark.deploy.worker.Worker", *options, self.master)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def kill_worker(self, where: Path) -> str:
        """Kill (-9) the worker that a path lies in, with its executor, as if its machine was lost; its name."""
        for folder, process in self._processes.items():
            if where.is_relative_to(folder):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return folder.name
        raise LookupError(f"{where} is in the folder of no worker")

    def _start(self, folder: Path, program: str, *options: str) -> None:
        folder.mkdir(parents=True)
        spark_class = Path(pyspark.__file__).parent / "bin" / "spark-class"
        command = [str(spark_class), program, "--host", _LOOPBACK, "--webui-port", "0", *options]
        with (folder / "output").open("wb") as output:
            # A group of its own: what it starts is killed with it.
            self._processes[folder] = subprocess.Popen(
                command,
                env=os.environ | environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _address(self, folder: Path) -> str:
        """Where the master listens, as it says in its log."""
        log = folder / "log"
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            found = re.search(r"Starting Spark master at (spark://\S+)", log.read_text() if log.exists() else "")
            if found:
                return found[1]
            if self._processes[folder].poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"the master did not start: {(folder / 'output').read_text()}")

    def _stop(self) -> None:
        for process in reversed(self._processes.values()):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def environment(folder: Path) -> dict[str, str]:
    """What a process of Spark is told: loopback only, and its log in a folder."""
    return {
        "SPARK_CONF_DIR": str(_CONF),
        "SPARK_LOCAL_IP": _LOOPBACK,
        "SPARK_LOCAL_HOSTNAME": _LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "SPARK_METERING_LOG": str(folder / "log"),
    }
