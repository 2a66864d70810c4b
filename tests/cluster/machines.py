"""Machines that share rows and bytes, a balancer in front of them, and the servers behind: each can be killed."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

SUPPORT = Path(__file__).resolve().parent.parent / "support"
sys.path.append(str(SUPPORT))

from line import Line  # noqa: E402
from s3_server import free_port, wrong_clock  # noqa: E402

MAIL_FROM = "mp3conv@example.org"

# A machine gets requests while it can take work; what it did not even hear of goes to the next one.
BALANCER = """
defaults
    mode http
    option redispatch
    option forwardfor
    retries 3
    timeout connect 2s
    timeout client 90s
    timeout server 90s
    option httpchk GET /readyz
frontend users
    bind 127.0.0.1:{port}
    default_backend machines
backend machines
    balance roundrobin
    default-server check inter 500ms fall 2 rise 1
{servers}
"""


class Server:
    """One of tests/support: says where it is, and takes orders."""

    def __init__(self, program, folder, log):
        self.process = subprocess.Popen(["/usr/bin/python3", SUPPORT / program, folder], text=True, stderr=log,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.says = self.process.stdout.readline().strip()
        if not self.says:
            sys.exit(f"{program} does not start")

    def tell(self, order):
        print(order, file=self.process.stdin, flush=True)
        return self.process.stdout.readline()

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


class Machine:
    """A daemon with a data folder of its own, started again wherever it ends, as systemd does."""

    def __init__(self, cluster, name, *settings):
        self.cluster, self.name, self.settings = cluster, name, settings
        self.data, self.port = cluster.folder / name, free_port()
        self.log_path = cluster.folder / f"{name}.log"
        self.log = open(self.log_path, "ab")
        self.process, self.was_killed = None, False

    def spawn(self):
        self.was_killed = False
        self.process = subprocess.Popen(
            [self.cluster.mp3convd, "serve", "--listen", f"127.0.0.1:{self.port}", "--data-dir", self.data,
             *self.settings], env=self.cluster.environment, stderr=self.log)

    def start(self):
        give_up = time.monotonic() + 120
        self.spawn()
        while not self.is_ready():
            if time.monotonic() > give_up:
                raise RuntimeError(f"{self.name} does not start; see {self.log_path}")
            if self.process.poll() is not None:
                self.note_end()
                self.spawn()

    def is_ready(self):
        return subprocess.run([self.cluster.mp3convd, "health", "--ready", "--wait", "1", "--data-dir", self.data],
                              env=self.cluster.environment, capture_output=True).returncode == 0

    def note_end(self):
        """5 says that a server which it needs is away: it is to be started again."""
        if not self.was_killed and self.process.returncode != 5:
            self.cluster.complain("crashes", f"{self.name} ended with {self.process.returncode}")

    def kill(self):
        if self.process.poll() is not None:
            self.note_end()
        self.was_killed = True
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is not None:
            return self.note_end()
        self.process.terminate()
        if self.process.wait(90) != 0:
            self.cluster.complain("crashes", f"{self.name} ended with {self.process.returncode}")


class Cluster:
    def __init__(self, build, folder, complain):
        self.folder, self.complain = folder, complain
        self.mp3convd, self.mp3conv = build / "daemon/mp3convd", build / "cli/mp3conv"
        self.log = open(folder / "servers.log", "ab")
        self.opened, self.machines, self.balancer = [], [], None

    def start(self):
        self.rows = self.open(Server("postgres_server.py", self.folder / "postgres", self.log))
        self.bytes = self.open(Server("s3_server.py", self.folder / "s3", self.log))
        socket = dict(parse_qsl(urlsplit(self.rows.says).query))
        self.row_line = Line(f"{socket['host']}/.s.PGSQL.{socket['port']}")
        self.byte_line = Line(int(self.bytes.says.rpartition(":")[2]))
        self.start_mail()
        secret = self.folder / "secret"
        secret.write_text(os.urandom(32).hex())
        secret.chmod(0o600)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder),
            "MP3CONVD_DATABASE": f"postgresql://mp3conv@127.0.0.1:{self.row_line.port}/postgres",
            "MP3CONVD_STORAGE": f"s3://bucket/house?endpoint=http://127.0.0.1:{self.byte_line.port}"
                                f"&credentials={self.folder / 's3/credentials'}",
            "MP3CONVD_JWT_SECRET_FILE": str(secret),
            "MP3CONVD_SMTP_URL": f"smtp://127.0.0.1:{self.mail_port}", "MP3CONVD_SMTP_TLS": "off",
            "MP3CONVD_MAIL_FROM": MAIL_FROM, "MP3CONVD_TRUSTED_PROXIES": "127.0.0.1", "MP3CONVD_WORKERS": "2"}
        self.machines = [Machine(self, "first"), Machine(self, "second"),
                         Machine(self, "third", "--roles", "convert")]
        for machine in self.machines:
            machine.start()
            self.opened.append(machine)
        self.start_balancer()

    def open(self, what):
        self.opened.append(what)
        return what

    def start_mail(self):
        letters = self.folder / "mail/1"
        letters.mkdir(parents=True)
        server = self.open(Server("smtp_server.py", letters, self.log))
        self.mail_port = int(server.says)
        # It prints the path of each letter; nobody may make it wait.
        threading.Thread(target=server.process.stdout.read, daemon=True).start()

    def start_balancer(self):
        config, port = self.folder / "haproxy.cfg", free_port()
        servers = "\n".join(f"    server {machine.name} 127.0.0.1:{machine.port}" for machine in self.machines[:2])
        config.write_text(BALANCER.format(port=port, servers=servers))
        self.balancer = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", config], stdout=self.log, stderr=self.log)
        self.user_line = Line(port)
        self.url = f"http://127.0.0.1:{self.user_line.port}"

    def admin(self, *command, **options):
        return subprocess.run([self.mp3convd, *command, "--data-dir", self.machines[0].data], text=True, check=True,
                              env=self.environment, stdout=subprocess.PIPE, stderr=self.log, **options).stdout

    def objects(self):
        """@return the keys in the bucket, those of uploads in parts too."""
        listed = subprocess.run(["radosgw-admin", "-c", self.folder / "s3/ceph.conf", "-n", "client.rgw", "bucket",
                                 "list", "--bucket=bucket", "--max-entries=100000"], capture_output=True, check=True)
        return [entry["name"] for entry in json.loads(listed.stdout)]

    def sweep_later(self):
        """What the sweeper does in two hours, with the daemons down."""
        for machine in self.machines:
            machine.close()
        self.opened = [what for what in self.opened if what not in self.machines]
        self.bytes.tell("kill")
        self.bytes.tell("start +2h")
        self.environment |= wrong_clock("+2h")
        self.admin("gc")

    def rows_as_json(self, query):
        return subprocess.run(["psql", "-AtX", "-c", query, self.rows.says], capture_output=True, text=True,
                              check=True).stdout

    def conversions(self):
        """@return how often one was begun."""
        logs = "".join(machine.log_path.read_text(errors="replace") for machine in self.machines)
        return logs.count("conversion begun")

    def close(self):
        if self.balancer:
            self.balancer.terminate()
            self.balancer.wait()
        for what in reversed(self.opened):
            what.close()
