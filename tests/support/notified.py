"""Hears what a service tells systemd (sd_notify(3)): every line of it, on standard output.

    notified.py SOCKET
"""

import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
    ear.bind(sys.argv[1])
    print("listening", flush=True)
    while True:
        print(ear.recv(4096).decode(), flush=True)
