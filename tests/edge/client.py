"""A client that says exactly what it is told, in its own time."""

import array
import http.client
import io
import json
import math
import random
import select
import socket
import time
import wave


def ask(port, method, path, body=None, headers=()):
    """A polite request: @return status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def noise(seconds):
    """A WAV file of which no MP3 is small."""
    rate = 44100
    rng = random.Random(1)
    second = array.array("h", (int(8000 * math.sin(i * 0.1) + rng.randrange(-8000, 8000)) for i in range(2 * rate)))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(second.tobytes() * seconds)
    return file.getvalue()


class Client:
    """An account with one large MP3, and connections of every kind."""

    def __init__(self, port):
        self.port = port
        account = json.dumps({"email": "anna@example.org", "password": "correct horse battery"})
        ask(port, "POST", "/v1/register", account)
        self.token = json.loads(ask(port, "POST", "/v1/login", account)[1])["token"]
        self.bearer = f"Authorization: Bearer {self.token}\r\n"
        authorized = {"Authorization": f"Bearer {self.token}"}
        self.mp3 = json.loads(ask(port, "POST", "/v1/files?name=noise.wav&bitrate=320k", noise(240), authorized)[1])["id"]
        while json.loads(ask(port, "GET", f"/v1/files/{self.mp3}?wait=30", headers=authorized)[1])["state"] != "done":
            pass

    def connect(self, receive_bytes=None):
        line = socket.socket()
        if receive_bytes:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        line.settimeout(120)
        line.connect(("127.0.0.1", self.port))
        return line

    def say(self, text):
        """Sends all of it at once. @return what came until the server hung up."""
        with self.connect() as line:
            try:
                line.sendall(text.encode("latin-1") if isinstance(text, str) else text)
            except OSError:
                pass  # it was refused before its end; why, is to be read
            return hear(line)

    def status(self, text):
        """@return the status of the answer, or "closed" where there was none."""
        return status_of(self.say(text))

    def post(self, path, body="", *headers):
        """@return a request that is authorized."""
        lines = "".join(f"{header}\r\n" for header in headers)
        return f"POST {path} HTTP/1.1\r\nHost: x\r\n{self.bearer}{lines}\r\n{body}"

    def get(self, path, *headers):
        lines = "".join(f"{header}\r\n" for header in headers)
        return f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{self.bearer}{lines}\r\n"

    def drip(self, count, start, period, most_seconds=90):
        """Many connections that send `start`, then a byte each `period`, until the server has had enough of all.

        @return how each ended: the statuses, and how often.
        """
        lines = {}
        for _ in range(count):
            line = self.connect()
            line.sendall(start.encode())
            lines[line.fileno()] = (line, bytearray())
        ends, next_byte = [], time.monotonic() + period
        give_up = time.monotonic() + most_seconds
        while lines and time.monotonic() < give_up:
            poll = select.poll()
            for number in lines:
                poll.register(number, select.POLLIN)
            for number, _ in poll.poll(max(0, (next_byte - time.monotonic()) * 1000)):
                line, heard = lines[number]
                got = receive(line)
                heard += got
                if not got:
                    ends.append(status_of(bytes(heard)))
                    line.close()
                    del lines[number]
            if time.monotonic() >= next_byte:
                next_byte += period
                for line, heard in list(lines.values()):
                    try:
                        if not heard:
                            line.send(b"x")
                    except OSError:
                        pass  # the next poll tells
        ends += ["still open"] * len(lines)
        for line, _ in lines.values():
            line.close()
        return count_of(ends)


def receive(line):
    try:
        return line.recv(65536)
    except OSError:
        return b""


def hear(line):
    heard = bytearray()
    while got := receive(line):
        heard += got
    return bytes(heard)


def status_of(answer):
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else "closed"


def count_of(ends):
    return {end: ends.count(end) for end in sorted(set(ends), key=str)}
