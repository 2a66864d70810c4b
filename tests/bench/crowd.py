"""Many users of one daemon, for tests/bench/load.

    crowd.py CLIPS USERS COUNT PAUSE RESUME PID

queues COUNT clips of a folder for so many users, a share each, while the queue of the daemon with that
PID is paused; resumes it, lets somebody else come with a few clips, and waits for all. Then one user
queues as many, and somebody else comes again. PAUSE and RESUME are commands. Prints what it saw as
JSON; times in seconds.
"""

import concurrent.futures
import http.client
import itertools
import json
import os
import shlex
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

PASSWORD = "a password for one hour"
HANDS = 4  # requests at a time
LONE_CLIPS = 10


class User:
    def __init__(self, number):
        # The daemon takes so many accounts from nobody but those whom a proxy speaks for.
        self.headers = {"X-Forwarded-For": f"198.51.{100 + number // 250}.{number % 250 + 1}"}
        account = json.dumps({"email": f"user{number}@example.org", "password": PASSWORD})
        self.ask("POST", "/v1/register", account)
        self.headers["Authorization"] = "Bearer " + self.ask("POST", "/v1/login", account)["token"]

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(os.environ["MP3CONV_SERVER"]).netloc, timeout=600)
        try:
            connection.request(method, path, body, self.headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status >= 300:
            raise SystemExit(f"crowd: {method} {path}: {response.status} {text[:300]!r}")
        return json.loads(text)

    def send(self, clip):
        return self.ask("POST", f"/v1/files?name={clip.name}", clip.read_bytes())["id"]

    def wait(self, id):
        while True:
            file = self.ask("GET", f"/v1/files/{id}?wait=60")
            if file["state"] == "done":
                return
            if file["state"] not in ("queued", "converting"):
                raise SystemExit(f"crowd: {file}")

    def is_idle(self):
        return not any(self.ask("GET", f"/v1/files?limit=1&state={state}")["files"] for state in ("queued", "converting"))

    def convert(self, clip):
        """@return how long it took from the first byte until it was done."""
        began = time.monotonic()
        self.wait(self.send(clip))
        return time.monotonic() - began


def run(command):
    subprocess.run(shlex.split(command), check=True)


def in_turn(clips, count):
    return itertools.islice(itertools.cycle(clips), count)


def queue(hands, users, clips, count, pause):
    """@return each clip's user and ID, and how long it took to send all of them."""
    run(pause)
    began = time.monotonic()
    pairs = zip(itertools.cycle(users), in_turn(clips, count))
    waiting = list(hands.map(lambda pair: (pair[0], pair[0].send(pair[1])), pairs))
    return waiting, time.monotonic() - began


def come(loner, users, clips, resume):
    """Somebody with ten clips, one after the other, while others' wait."""
    seen = {"resumed_at": time.time()}
    run(resume)
    seen["took_s"] = [loner.convert(clip) for clip in in_turn(clips, LONE_CLIPS)]
    seen["ended_at"] = time.time()
    seen["was_crowded"] = not all(user.is_idle() for user in users)
    return seen


def main(folder, users, count, pause, resume, pid):
    clips, users, count = sorted(Path(folder).iterdir()), int(users), int(count)
    with concurrent.futures.ThreadPoolExecutor(HANDS) as hands:
        loner, *crowd = hands.map(User, range(users + 1))
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # forgets the peak that passwords took
        alone = [loner.convert(clip) for clip in in_turn(clips, LONE_CLIPS)]

        waiting, sent = queue(hands, crowd, clips, count, pause)
        began = time.monotonic()
        beside_all = come(loner, crowd, clips, resume)
        for user, id in waiting:
            user.wait(id)
        took = time.monotonic() - began

        queue(hands, crowd[:1], clips, count, pause)
        beside_one = come(loner, crowd[:1], clips, resume)
    print(json.dumps({"sent_s": sent, "took_s": took, "conversions": count + LONE_CLIPS, "alone_s": alone,
                      "beside_all": beside_all, "beside_one": beside_one}))


main(*sys.argv[1:])
