#!/usr/bin/python3
"""A throw-away S3 server: Ceph's gateway, monitor and one OSD that keeps all in memory.

    s3_server.py FOLDER

Needs Debian's ceph-mon, ceph-osd and radosgw. Prints the endpoint once it answers, and has a bucket
`bucket` for the keys in FOLDER/credentials. Takes lines from standard input: `kill`
ends the gateway at once, `start` starts it again, `start +2h` by a clock that is so much off; each is
answered with a line. Ends, with all of its servers, at the end of the input.
"""

import hashlib
import os
import pathlib
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

KEY, SECRET, BUCKET = "testkey", "testsecret", "bucket"

# No authentication between its parts, one of each, no replicas, and no waiting to gather work.
CONFIG = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon_port}]
mon initial members = a
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
keyring = {folder}/keyring
run dir = {folder}
crash dir = {folder}
admin socket = {folder}/$name.$pid.asok
log file = {folder}/$name.log
log to stderr = false
err to stderr = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
[mon]
mon data = {folder}/mon
mon cluster log file = {folder}/cluster.log
mon data avail crit = 1
mon data avail warn = 1
paxos propose interval = 0.02
paxos min wait = 0.01
[osd]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd op num shards = 1
osd class update on start = false
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw data = {folder}/rgw
ms mon client mode = crc
rgw num rados handles = 1
rgw run sync thread = false
rgw dynamic resharding = false
rgw enable lc threads = false
rgw enable quota threads = false
rgw enable usage log = false
rgw lc max objs = 1
rgw gc max objs = 1
rgw usage max shards = 1
rgw data log num shards = 1
rgw num control oids = 1
rgw override bucket index max shards = 1
"""


def free_port():
    """Returns one that is to be used later, and so none of those that Linux gives out by itself
    (net.ipv4.ip_local_port_range), which another connection could have by then."""
    while True:
        port = random.randrange(20000, 32768)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass  # somebody has it


def wrong_clock(offset):
    """Returns what a program's environment has to have for a clock that is so much off."""
    if not offset:
        return {}
    library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.config = folder / "ceph.conf"
        self.port = free_port()
        self.fsid = str(uuid.uuid4())
        self.mon_port = free_port()
        for name in ("mon", "osd", "rgw"):
            (folder / name).mkdir(parents=True)
        (folder / "keyring").touch()
        (folder / "credentials").write_text(
            f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        self.config.write_text(CONFIG.format(**vars(self)))
        self.running = []

    def run(self, program, *arguments):
        subprocess.run([program, "-c", self.config, *arguments], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=(self.folder / "setup.log").open("a"))

    def start(self, program, *arguments, **environment):
        """Starts what dies with this process, however that goes."""
        server = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", program, "-c", self.config, "-f", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | environment)
        self.running.append(server)
        return server

    def start_all(self):
        monmap = self.folder / "monmap"
        self.run("monmaptool", "--create", "--addv", "a", f"[v2:127.0.0.1:{self.mon_port}]",
                 "--fsid", self.fsid, "--set-min-mon-release", "pacific", "--enable-all-features",
                 monmap)
        self.run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap)
        self.start("ceph-mon", "-i", "a")
        osd_id = str(uuid.uuid4())
        self.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd_id)
        self.run("ceph", "--connect-timeout", "60", "osd", "new", osd_id, "0")
        self.start("ceph-osd", "-i", "0", "--crush-location", "root=default host=h")
        self.run("radosgw-admin", "-n", "client.rgw", "user", "create", "--uid=test",
                 "--display-name=test", f"--access-key={KEY}", f"--secret-key={SECRET}")
        self.start_gateway()
        subprocess.run(["curl", "-sf", "-X", "PUT", "--aws-sigv4", "aws:amz:us-east-1:s3",
                        "-H", f"x-amz-content-sha256: {hashlib.sha256().hexdigest()}",
                        "--user", f"{KEY}:{SECRET}", f"{self.endpoint()}/{BUCKET}"], check=True)

    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def start_gateway(self, clock=""):
        self.gateway = self.start("radosgw", "-n", "client.rgw", **wrong_clock(clock))
        deadline = time.monotonic() + 60
        while True:
            try:
                return urllib.request.urlopen(self.endpoint(), timeout=10).read()
            except urllib.error.URLError:
                if time.monotonic() > deadline or self.gateway.poll() is not None:
                    raise
                time.sleep(0.02)

    def kill_gateway(self):
        self.gateway.kill()
        self.gateway.wait()
        self.running.remove(self.gateway)

    def end(self):
        for server in reversed(self.running):
            server.kill()
            server.wait()


def main():
    folder = pathlib.Path(sys.argv[1]).absolute()
    os.environ["CEPH_CONF"] = str(folder / "ceph.conf")
    server = Server(folder)
    try:
        server.start_all()
        print(server.endpoint(), flush=True)
        for line in sys.stdin:
            act, *clock = line.split()
            {"kill": server.kill_gateway, "start": server.start_gateway}[act](*clock)
            print("done", flush=True)
    finally:
        server.end()


if __name__ == "__main__":
    main()
