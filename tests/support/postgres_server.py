#!/usr/bin/python3
"""A throw-away PostgreSQL server, as Debian's postgresql has it, on a Unix socket.

    postgres_server.py FOLDER

Prints a URL once it takes connections. What it writes lies in a folder of its own, which goes with
it: PostgreSQL does not run as root, and then may not look into FOLDER. Takes lines from standard
input: `kill` ends it at once, as a crash does, `start` starts it again, and `sql STATEMENT` runs a
statement; each is answered with a line. Ends at the end of the input, or by SIGTERM.
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"),
               key=lambda path: int(path.parts[-2]))

# Nothing need outlive the machine; what was committed outlives the server all the same.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
}


class Server:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="postgres."))
        self.folder.chmod(0o755)
        self.who = []
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.who = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                        "--clear-groups"]
        self.log = (self.folder / "log").open("a")
        self.run("initdb", "-D", self.folder / "data", "-U", "mp3conv", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync", "--no-instructions")

    def run(self, program, *arguments):
        subprocess.run([*self.who, PROGRAMS / program, *arguments], check=True, cwd=self.folder,
                       stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def url(self):
        return f"postgresql://mp3conv@/postgres?host={self.folder}"

    def start(self):
        settings = SETTINGS | {"unix_socket_directories": str(self.folder)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.server = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *self.who[1:], PROGRAMS / "postgres", "-D",
             self.folder / "data", *options],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while self.ask("SELECT 1") != 0:
            if time.monotonic() > deadline or self.server.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def ask(self, statement):
        return subprocess.run(["psql", "-qXc", statement, self.url()], stdin=subprocess.DEVNULL,
                              stdout=self.log, stderr=self.log).returncode

    def kill(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        self.server.wait()

    def end(self):
        if self.server.poll() is None:
            self.kill()
        shutil.rmtree(self.folder)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    server = Server()
    try:
        server.start()
        print(server.url(), flush=True)
        for line in sys.stdin:
            act, _, rest = line.strip().partition(" ")
            {"kill": server.kill, "start": server.start, "sql": lambda: server.ask(rest)}[act]()
            print("done", flush=True)
    finally:
        server.end()


if __name__ == "__main__":
    main()
