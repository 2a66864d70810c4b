"""Starts a program as systemd does that has sockets for it (sd_listen_fds(3)).

    handed_over.py KIND[,KIND...] COMMAND...

Each KIND is tcp, tcp6, unnamed (a Unix socket without a path) or deaf (one that does not listen).
"""

import os
import socket
import sys

FIRST = 3


def make(kind):
    family = {"tcp": socket.AF_INET, "tcp6": socket.AF_INET6}.get(kind, socket.AF_UNIX)
    made = socket.socket(family, socket.SOCK_STREAM)
    made.bind({"tcp": ("127.0.0.1", 0), "tcp6": ("::1", 0)}.get(kind, ""))
    if kind != "deaf":
        made.listen()
    return made


sockets = [make(kind) for kind in sys.argv[1].split(",")]
# Above all of them first, so that none is put where another still is.
high = [os.dup2(each.fileno(), 100 + i) for i, each in enumerate(sockets)]
for i, fd in enumerate(high):
    os.dup2(fd, FIRST + i, inheritable=True)
    os.close(fd)
os.environ.update(LISTEN_FDS=str(len(sockets)), LISTEN_PID=str(os.getpid()))
os.execvp(sys.argv[2], sys.argv[2:])
