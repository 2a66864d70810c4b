"""Rounds: users at work, a fault, rest, and a look at what must be true."""

import collections
import random
import signal
import sys
import threading
import time
from pathlib import Path

from house import House
from invariants import Invariants
from letters import Letters
from users import User

# Of violations.
KINDS = ["losses", "corrupt MP3s", "foreign files", "wrong letters", "orphans left", "wrong answers", "crashes"]


class Run:
    def __init__(self, args, folder, choose_fault, disks):
        self.args, self.folder, self.choose_fault = args, folder, choose_fault
        self.hits, self.misses, self.violations = collections.Counter(), 0, collections.Counter()
        self.round = 0
        self.house = House(args.build, folder, self.complain, disks)

    def complain(self, kind, what):
        self.violations[kind] += 1
        print(f"VIOLATION in round {self.round}: {kind}: {what}", flush=True)

    def rng(self, who):
        return random.Random(f"{self.args.seed}/{self.round}/{who}")

    def work(self, user):
        rng = self.rng(user.name)
        others = [other for other in self.users if other is not user]
        for _ in range(rng.randint(2, 6)):
            user.act(rng, others)

    def guarded(self, function, *arguments):
        """A thread's: what it dies of is a violation."""
        try:
            function(*arguments)
        except Exception as e:
            self.complain("wrong answers", f"{type(e).__name__}: {e}")

    def strike(self):
        rng = self.rng("fault")
        for _ in range(rng.randint(1, self.args.faults)):
            time.sleep(rng.expovariate(3))
            fault = self.choose_fault(self.house, rng)
            if fault(self.house, rng):
                self.hits[fault.__name__] += 1
            else:
                self.misses += 1

    def play(self):
        self.round += 1
        threads = [threading.Thread(target=self.guarded, args=(self.work, user)) for user in self.users]
        threads.append(threading.Thread(target=self.guarded, args=(self.strike,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.house.ensure_daemon()
        self.house.ensure_mail()
        self.invariants.wait_for_rest(1.5, self.args.patient)
        self.invariants.check()

    def all_rounds(self):
        self.house.start_mail()
        self.house.start()
        self.users = [User(self.house, name, self.complain) for name in ("anna", "ben", "carla")]
        self.letters = Letters(self.folder / "mail")
        self.invariants = Invariants(self.house, self.users, self.letters, self.complain)
        end = time.monotonic() + self.args.seconds if self.args.seconds else None
        while time.monotonic() < end if end else self.round < self.args.rounds:
            self.play()
        self.swept = self.invariants.check_folder()

    def summary(self):
        uploads = sum(upload.was_acknowledged for user in self.users for upload in user.uploads)
        letters = sum(map(len, self.letters.of_file.values()))
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.hits.items()))
        count = self.violations
        broken = ", ".join(f"{count[kind]} {kind}" for kind in KINDS)
        return (f"{self.round} rounds; {sum(self.hits.values())} hits ({kills}; {self.misses} found nothing to hit); "
                f"{uploads} uploads acknowledged, {len(self.invariants.checked)} jobs done, {letters} letters, "
                f"{len(self.invariants.duplicates)} duplicates, {self.swept} orphans swept, "
                f"{self.invariants.lost_after_cut} lost after the cut; {broken}")


def play_all(args, folder, choose_fault, disks=()):
    """Ends the program with 1 where something was wrong; leaves the folder then."""
    run = Run(args, folder, choose_fault, disks)
    for missing in run.house.calls.missing, run.house.calendar.missing:
        if missing:
            print(f"without some faults: {missing}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends what was started, too
    try:
        run.all_rounds()
    except BaseException as e:
        print(f"broke off in round {run.round}; seed {args.seed}; its folder is {folder}: {e!r}")
        raise
    finally:
        run.house.close()
    print(f"faults: {run.summary()}; seed {args.seed}", flush=True)
    if run.violations:
        sys.exit(f"faults: broken; repeat it with --seed {args.seed}; its folder is {folder}")


def add_arguments(parser, rounds):
    root = Path(__file__).resolve().parent.parent.parent
    parser.add_argument("--build", type=lambda path: Path(path).resolve(), default=root / "build/check")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
