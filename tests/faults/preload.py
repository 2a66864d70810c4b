"""What is put between the daemon and its C library: calls that fail (libfiu), a clock that can be turned (libfaketime)."""

import glob
import os
import signal
import subprocess
from pathlib import Path

FIU = ["/usr/lib/fiu/fiu_posix_preload.so", "/usr/lib/fiu/fiu_run_preload.so"]
FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")


def keep_signals_from_its_threads():
    """libfiu starts a thread before the daemon has said which signals it waits for."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])


class Calls:
    """The daemon's system calls for files. The converter is a process of its own, and is left alone."""

    def __init__(self, folder):
        self.pipe = folder / "fiu"
        self.missing = "" if all(map(os.path.exists, FIU)) else "there is no fiu-utils"

    def environment(self):
        return {} if self.missing else {"FIU_CTRL_FIFO": str(self.pipe)}

    def libraries(self):
        return [] if self.missing else FIU

    def tell(self, pid, commands):
        options = [word for command in commands for word in ("-c", command)]
        return subprocess.run(["fiu-ctrl", "-f", self.pipe, *options, str(pid)], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=20).returncode == 0

    def fail(self, pid, points, number, probability):
        return self.tell(pid, [f"enable_random name={point},failinfo={number},probability={probability}"
                               for point in points])

    def heal(self, pid, points):
        return self.tell(pid, [f"disable name={point}" for point in points])


class Calendar:
    """The daemon's, not its monotonic clocks; nor ours."""

    def __init__(self, folder):
        self.file: Path = folder / "calendar"
        self.missing = "" if FAKETIME else "there is no faketime"
        self.turn("+0")

    def environment(self):
        if self.missing:
            return {}
        return {"FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_CACHE_DURATION": "1", "DONT_FAKE_MONOTONIC": "1"}

    def libraries(self):
        return [FAKETIME] if FAKETIME else []

    def turn(self, by):
        """@param by as "+2d", "-5h" or "+0". The daemon sees it within some two seconds."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(by + "\n")
        fresh.replace(self.file)
