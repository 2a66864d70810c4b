"""A line between two programs, which can be cut like one that a wall or a reboot cuts: with an RST, at any byte."""

import socket
import struct
import threading


class Line:
    def __init__(self, target):
        """@param target a port on this computer, or the path of a Unix socket."""
        self.target, self.pairs, self.lock = target, set(), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            try:
                pair = (near, self.connect())
            except OSError:
                reset(near)
                continue
            with self.lock:
                self.pairs.add(pair)
            threading.Thread(target=self.serve, args=(pair,), daemon=True).start()

    def connect(self):
        if isinstance(self.target, int):
            return socket.create_connection(("127.0.0.1", self.target), 10)
        far = socket.socket(socket.AF_UNIX)
        far.connect(self.target)
        return far

    def serve(self, pair):
        near, far = pair
        far.settimeout(None)
        back = threading.Thread(target=pump, args=(far, near), daemon=True)
        back.start()
        pump(near, far)
        back.join()
        with self.lock:
            self.pairs.discard(pair)
        near.close()
        far.close()

    def cut(self, rng, share):
        """Cuts each connection with that probability. @return how many."""
        with self.lock:
            doomed = [pair for pair in self.pairs if rng.random() < share]
        for pair in doomed:
            for end in pair:
                reset(end)
        return len(doomed)


def reset(end):
    """Both sides hear of it at once; what was on its way is lost. Its thread closes it."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        reset(source)
        reset(target)
