"""What happens to the house at a random moment. Each fault ends with the house up again."""

import errno
import signal
import subprocess
import time

from house import descendants, hit


def kill_daemon(house, rng):
    house.end(signal.SIGKILL)
    house.start()
    return True


def terminate_daemon(house, rng):
    status = house.end(signal.SIGTERM)
    house.start()
    if status != 0:
        raise RuntimeError(f"after SIGTERM the daemon ended with {status}")
    return True


def pause(process, rng):
    process.send_signal(signal.SIGSTOP)
    time.sleep(rng.uniform(0.1, 1.5))
    process.send_signal(signal.SIGCONT)
    return True


def stop_daemon(house, rng):
    return pause(house.daemon, rng)


def kill_helper(house, rng):
    helper = house.helper()
    return helper is not None and hit(helper, signal.SIGKILL, house.daemon.pid)


def kill_conversion(house, rng):
    give_up = time.monotonic() + 2
    while time.monotonic() < give_up:
        helper = house.helper()
        for child in descendants(helper) if helper else []:
            if hit(child, signal.SIGKILL, helper):
                return True
        time.sleep(0.005)
    return False  # there was none to be hit


def kill_mail(house, rng):
    house.end_mail()
    time.sleep(rng.uniform(0, 1))
    house.start_mail()
    return True


def lose_mail_answer(house, rng):
    """The next letter is taken, and the mail server dies before it says so."""
    house.mail.send_signal(signal.SIGUSR1)
    try:
        house.mail.wait(3)
    except subprocess.TimeoutExpired:
        house.end_mail()
    house.ends.append(time.time())
    house.start_mail()
    return True


def stop_mail(house, rng):
    return pause(house.mail, rng)


def break_mail(house, rng):
    """For a while it takes calls, and no letter."""
    house.end_mail()
    house.start_mail("--fault", rng.choice(["mute", "drop", "data"]))
    time.sleep(rng.uniform(0.2, 2))
    house.end_mail()
    house.start_mail()
    return True


def refuse_mail(house, rng):
    house.end_mail()
    house.start_mail("--reply", rng.choice(["rcpt=451", "data=451"]))
    time.sleep(rng.uniform(0.2, 1))
    house.end_mail()
    house.start_mail()
    return True


# The disks.

def restart_on_bad_disk(house, rng):
    """Until `start` it may be down."""
    number = rng.choice([signal.SIGKILL, signal.SIGTERM])
    status = house.end(number)
    if number == signal.SIGTERM and status != 0:
        house.complain("crashes", f"after SIGTERM on a bad disk the daemon ended with {status}")
    house.start_on_bad_disk()


def shrink(house, rng, fill):
    disk = rng.choice(house.disks)
    with house.bad_disk:
        try:
            if not fill(disk, rng):
                return False
            time.sleep(rng.uniform(0.1, 1.5))
            house.must_answer()
            if rng.random() < 0.3:
                restart_on_bad_disk(house, rng)
        finally:
            disk.make_room()
        house.start()
    return True


def fill_disk(house, rng):
    return shrink(house, rng, lambda disk, rng: disk.fill(rng))


def fill_disk_with_files(house, rng):
    return shrink(house, rng, lambda disk, rng: disk.fill_with_files(rng))


def start_on_read_only_disk(house, rng):
    """Without its rows it says so and ends; without room for new bytes it hands out the old."""
    house.end(signal.SIGKILL)
    disk = rng.choice(house.disks)
    with house.bad_disk:
        give_up = time.monotonic() + 5
        while not (is_read_only := disk.remount("ro")) and time.monotonic() < give_up:
            time.sleep(0.05)  # a conversion that has lost its daemon still holds its MP3
        house.start_on_bad_disk()
        disk.remount("rw")
        house.start()
    return is_read_only


CALLS = [f"posix/io/{call}" for call in ("rw/read", "rw/pread", "rw/write", "rw/pwrite", "rw/ftruncate", "sync/fsync",
                                         "sync/fdatasync", "dir/rename", "dir/unlink", "oc/open")]


def fail_calls(house, rng):
    """Some of the calls for files fail, always or now and then."""
    points = rng.sample(CALLS, rng.randint(1, len(CALLS)))
    number = rng.choice([errno.EIO, errno.EIO, errno.ENOSPC, errno.EROFS])
    with house.bad_disk:
        if not house.calls.fail(house.daemon.pid, points, number, rng.choice([0.05, 0.3, 1])):
            return False
        time.sleep(rng.uniform(0.1, 1.5))
        if rng.random() < 0.2:
            restart_on_bad_disk(house, rng)  # the calls of the next one do not fail
            house.start()
            return True
        if not house.calls.heal(house.daemon.pid, points):
            raise RuntimeError("the calls cannot be mended")
        house.must_answer()
    return True


# The clock.

def turn_clock(house, rng):
    """And back, after a while. Some daemons start anew meanwhile; one that starts believes what the clock says, so no
    longer ahead than anything is kept."""
    by = rng.choice(["+2d", "+40d", "+5h", "-5h", "-5m"])
    with house.wrong_time:
        house.calendar.turn(by)
        time.sleep(rng.uniform(0.2, 2.5))
        if not by.endswith("d") and rng.random() < 0.7:
            house.end(rng.choice([signal.SIGKILL, signal.SIGTERM]))
            house.start()
            time.sleep(rng.uniform(0, 1))
        house.calendar.turn("+0")
    return True


def start_rival(house, rng):
    if not house.rival():
        raise RuntimeError("a second daemon on the same folder ended without an error")
    return True


KINDS = {kill_daemon: 5, terminate_daemon: 2, stop_daemon: 1, kill_helper: 2, kill_conversion: 3, kill_mail: 2,
         lose_mail_answer: 2, stop_mail: 1, break_mail: 1, refuse_mail: 1, start_rival: 1}
OF_DISKS = {fill_disk: 3, fill_disk_with_files: 2, start_on_read_only_disk: 1}
OF_CALLS = {fail_calls: 4}
OF_CALENDAR = {turn_clock: 2}


def choose(house, rng):
    """One of those that this system can do."""
    kinds = {**KINDS, **(OF_DISKS if house.disks else {}), **({} if house.calls.missing else OF_CALLS),
             **({} if house.calendar.missing else OF_CALENDAR)}
    return rng.choices(list(kinds), kinds.values())[0]
