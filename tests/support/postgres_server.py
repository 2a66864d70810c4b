#!/usr/bin/python3
"""A throw-away PostgreSQL server, as Debian's postgresql has it, on a Unix socket.

    postgres_server.py FOLDER [--pooler | --tls]

With --pooler the URL is that of a pgbouncer in front of it, which lends its connections for a
transaction; with --tls it is one over TCP, with a certificate that is to be verified.
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

from s3_server import free_port

PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"),
               key=lambda path: int(path.parts[-2]))

# Nothing need outlive the machine; what was committed outlives the server all the same.
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
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
        self.settings = SETTINGS
        self.pooler = None
        self.run("initdb", "-D", self.folder / "data", "-U", "mp3conv", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync", "--no-instructions")

    def run(self, program, *arguments):
        subprocess.run([*self.who, PROGRAMS / program, *arguments], check=True, cwd=self.folder,
                       stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def url(self, port=None):
        return f"postgresql://mp3conv@/postgres?host={self.folder}&port={port or self.settings['port']}"

    def listen(self):
        """From the next start on, also over TCP with TLS. Returns the URL."""
        port = free_port()
        subprocess.run([*self.who, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-out", "server.crt", "-keyout",
                        "server.key"],
                       check=True, cwd=self.folder / "data", stdout=self.log, stderr=self.log)
        self.settings |= {"listen_addresses": "127.0.0.1", "port": str(port), "ssl": "on"}
        return (f"postgresql://mp3conv@localhost:{port}/postgres?sslmode=verify-full"
                f"&sslrootcert={self.folder}/data/server.crt")

    def start(self):
        settings = self.settings | {"unix_socket_directories": str(self.folder)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.server = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *self.who[1:], PROGRAMS / "postgres", "-D",
             self.folder / "data", *options],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.wait_for(self.server, self.url())

    def wait_for(self, process, url):
        deadline = time.monotonic() + 60
        while self.ask("SELECT 1", url) != 0:
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def start_pooler(self):
        """Returns the URL."""
        (self.folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={self.folder} user=mp3conv\n"
            f"[pgbouncer]\nunix_socket_dir = {self.folder}\nlisten_port = 6432\n"
            "auth_type = any\npool_mode = transaction\n")
        self.pooler = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *self.who[1:], "/usr/sbin/pgbouncer",
             self.folder / "pgbouncer.ini"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        url = self.url(6432)
        self.wait_for(self.pooler, url)
        return url

    def ask(self, statement, url=None):
        return subprocess.run(["psql", "-qXc", statement, url or self.url()],
                              stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log).returncode

    def kill(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        self.server.wait()

    def end(self):
        if self.pooler:
            self.pooler.kill()
            self.pooler.wait()
        if self.server.poll() is None:
            self.kill()
        shutil.rmtree(self.folder)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    server = Server()
    try:
        url = server.listen() if "--tls" in sys.argv else server.url()
        server.start()
        print(server.start_pooler() if "--pooler" in sys.argv else url, flush=True)
        for line in sys.stdin:
            act, _, rest = line.strip().partition(" ")
            {"kill": server.kill, "start": server.start, "sql": lambda: server.ask(rest)}[act]()
            print("done", flush=True)
    finally:
        server.end()


if __name__ == "__main__":
    main()
