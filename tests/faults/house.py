"""The daemon and its mail server, as processes that can be hit at any moment and come back."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from preload import Calendar, Calls, keep_signals_from_its_threads

SUPPORT = Path(__file__).resolve().parent.parent / "support"
MAIL_FROM = "mp3conv@example.org"


def descendants(pid):
    """Process IDs of the children of a process."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(int(stat.parent.name))
        except OSError:
            pass  # it ended meanwhile
    return children


def hit(pid, number, parent):
    """Sends a signal to a child of that parent; to nobody else who has got its number since."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        if pid not in descendants(parent):
            return False
        signal.pidfd_send_signal(handle, number)
        return True
    except OSError:
        return False
    finally:
        os.close(handle)


def threads_that_run(pid):
    states = (stat.read_text().rpartition(")")[2].split()[0] for stat in Path(f"/proc/{pid}/task").glob("*/stat"))
    return any(state not in ("T", "D") for state in states)


def last_line(path):
    return path.read_text(errors="replace").rstrip().rpartition("\n")[2]


class Period:
    """While something is wrong that excuses an answer."""

    def __init__(self, grace=0):
        """@param grace seconds that it goes on for once we have ended it."""
        self.is_on, self.ended, self.grace = False, float("-inf"), grace

    def __enter__(self):
        self.is_on = True

    def __exit__(self, *_):
        self.is_on, self.ended = False, time.monotonic()

    def has_touched(self, started):
        """@return whether it was on at any time since then."""
        return self.is_on or started <= self.ended + self.grace


class House:
    def __init__(self, build, folder, complain, disks=()):
        """@param disks two, for rows and for bytes; none where they are to be in one ordinary folder."""
        self.complain = complain
        self.folder, self.data = folder, folder / "data"
        self.disks = disks
        self.store = disks[1].folder if disks else self.data
        self.calls, self.calendar = Calls(folder), Calendar(folder)
        self.bad_disk, self.wrong_time = Period(), Period(grace=5)  # the calendar is read now and then
        self.mp3convd, self.mp3conv = build / "daemon/mp3convd", build / "cli/mp3conv"
        self.log = open(folder / "daemon.log", "ab")
        self.daemon = self.mail = None
        self.mail_starts, self.mail_port = 0, 0
        self.up = threading.Event()
        self.has_lost_power, self.power_went_at = False, float("inf")
        self.power_came_at = 0
        self.ends = []  # when the daemon or the mail server was ended: letters may come twice there
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}

    # The mail server: comes back on the port that it had, with a new folder for its letters.

    def start_mail(self, *options):
        give_up = time.monotonic() + 20
        while True:
            self.mail_starts += 1
            letters = self.folder / "mail" / str(self.mail_starts)
            letters.mkdir(parents=True)
            with open(self.folder / "mail.log", "ab") as log:
                self.mail = subprocess.Popen(
                    ["/usr/bin/python3", SUPPORT / "smtp_server.py", letters, "--port", str(self.mail_port),
                     *options],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
            port = self.mail.stdout.readline()
            if port:
                # Where it comes back, a letter's path may have got in between.
                self.mail_port = self.mail_port or int(port)
                # It prints the path of each letter; nobody may make it wait.
                threading.Thread(target=self.mail.stdout.read, daemon=True).start()
                return
            self.mail.wait()
            if time.monotonic() > give_up:
                sys.exit("the mail server does not start; see mail.log")
            time.sleep(0.2)

    def end_mail(self):
        self.ends.append(time.time())
        self.mail.kill()
        self.mail.wait()

    def ensure_mail(self):
        if self.mail.poll() is not None:
            self.ends.append(time.time())
            self.start_mail()

    # The daemon: comes back on another port.

    def command(self):
        return [self.mp3convd, "serve", "--listen", "127.0.0.1:0", "--data-dir", self.data, "--workers", "2",
                "--smtp-url", f"smtp://127.0.0.1:{self.mail_port}", "--smtp-tls", "off", "--mail-from", MAIL_FROM,
                "--smtp-timeout", "3s", "--drain-timeout", "3s", "--storage", f"file:{self.store}"]

    def spawn(self):
        libraries = [*self.calls.libraries(), *self.calendar.libraries()]
        return subprocess.Popen(
            self.command(), stderr=self.log, preexec_fn=keep_signals_from_its_threads,
            env={**self.environment, **self.calls.environment(), **self.calendar.environment(),
                 "LD_PRELOAD": ":".join(libraries)})

    def add_user(self, email, password):
        """As the administrator does: with a mail server, others would have to read their letters."""
        subprocess.run([self.mp3convd, "user", "add", email, "--password-file", "-", "--data-dir", self.data],
                       input=password, text=True, env=self.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=self.log)

    def ask_health(self, *options):
        return subprocess.Popen([self.mp3convd, "health", *options, "--data-dir", self.data], text=True,
                                env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def start_on_bad_disk(self):
        """It may start, or say why not and end."""
        self.daemon = self.spawn()
        asked = self.ask_health("--wait", "20")
        while asked.poll() is None and self.daemon.poll() is None:
            time.sleep(0.05)
        asked.kill()
        asked.communicate()
        if self.daemon.poll() is not None and self.daemon.returncode <= 0:
            self.complain("crashes", f"on a bad disk the daemon ended with {self.daemon.returncode}")

    def start(self):
        """Unless it runs already."""
        if not self.daemon or self.daemon.poll() is not None:
            self.daemon = self.spawn()
        asked = self.ask_health("--ready", "--wait", "30")
        url, error = asked.communicate()
        if asked.returncode:
            raise RuntimeError(f"the daemon does not start: {error.strip()}")
        self.url = url.strip()
        self.port = int(self.url.rpartition(":")[2])
        self.up.set()

    def ensure_daemon(self):
        """Where it has ended, nobody here ended it."""
        status = self.daemon.poll()
        if status is None:
            return
        self.up.clear()
        self.complain("crashes", f"the daemon ended with {status}: {last_line(self.folder / 'daemon.log')}")
        self.ends.append(time.time())
        self.start()

    def end(self, number):
        """@return its exit status."""
        self.ensure_daemon()
        self.up.clear()
        self.ends.append(time.time())
        self.daemon.send_signal(number)
        status = self.daemon.wait(60)
        self.ends.append(time.time())
        return status

    def freeze_daemon(self):
        """Until no thread of it runs: what is in the kernel by now does not come back to say anything."""
        self.daemon.send_signal(signal.SIGSTOP)
        while threads_that_run(self.daemon.pid):
            time.sleep(0.0005)

    def rival(self):
        """A second daemon on the same folder: @return whether it went away by itself, and was not ready."""
        second = subprocess.run(self.command(), stderr=self.log, env=self.environment, timeout=20)
        return second.returncode != 0

    def must_answer(self):
        """Whatever its disk does, the daemon is there and says so."""
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=20) as answer:
                if answer.status == 200:
                    return
                why = answer.status
        except OSError as e:
            why = e
        self.complain("wrong answers", f"/healthz on a bad disk: {why}")

    def helper(self):
        children = descendants(self.daemon.pid)
        return children[0] if children else None

    def pass_time(self):
        """With the daemon down: every delay is over.

        Only the times in the rows change, to what they would be compared with after some minutes.
        """
        with sqlite3.connect(self.data / "mp3conv.db", timeout=20) as rows:
            rows.execute("UPDATE files SET due_at = 0 WHERE state = 'queued'")
            rows.execute("UPDATE outbox SET due_at = 0 WHERE sent_at IS NULL AND gave_up_at IS NULL")
        rows.close()

    def close(self):
        for process in self.daemon, self.mail:
            if process and process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
