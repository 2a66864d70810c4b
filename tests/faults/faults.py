"""What happens to the house at a random moment. Each fault ends with the house up again."""

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


def start_rival(house, rng):
    if not house.rival():
        raise RuntimeError("a second daemon on the same folder ended without an error")
    return True


KINDS = {kill_daemon: 5, terminate_daemon: 2, stop_daemon: 1, kill_helper: 2, kill_conversion: 3, kill_mail: 2,
         lose_mail_answer: 2, stop_mail: 1, start_rival: 1}


def choose(rng):
    return rng.choices(list(KINDS), KINDS.values())[0]
