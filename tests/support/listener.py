#!/usr/bin/python3
"""Listens on a free port of this computer, prints the port, then a line a connection."""

import socket

with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    while True:
        connection, peer = server.accept()
        print(f"connection from port {peer[1]}", flush=True)
        connection.close()
