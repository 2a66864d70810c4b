"""What each misuse is, and what it must get: a prompt answer or a close, and nothing of anybody else's."""

import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable

from client import count_of, hear, receive, status_of


@dataclass
class Case:
    name: str
    play: Callable  # gets a Client; @return what was answered
    expected: object  # that, or a function that says whether it is right

    def is_right(self, got):
        return self.expected(got) if callable(self.expected) else got == self.expected


def only(*allowed):
    """Nothing but these ends."""
    def check(ends):
        return set(ends) <= set(allowed)
    check.__qualname__ = f"only {allowed}"
    return check


def slow_heads(client):
    return client.drip(300, "GET /v1/me HTTP/1.1\r\nHost: x\r\nX: ", 1)


def slow_logins(client):
    return client.drip(200, "POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 300\r\n\r\n", 2)


def slow_uploads(client):
    return client.drip(40, client.post("/v1/files?name=x", "", "Content-Length: 100000"), 2)


def slow_readers(client):
    """They ask for megabytes and take none. @return how many had been cut off when they looked at last."""
    lines = []
    for _ in range(40):
        line = client.connect(receive_bytes=4096)
        line.sendall(client.get(f"/v1/files/{client.mp3}/mp3").encode())
        lines.append(line)
    size = len(client.say(client.get(f"/v1/files/{client.mp3}/mp3")))
    client.drip(1, "", 60, 45)  # time enough for anyone's patience
    ends = ["whole" if len(hear(line)) == size else "cut off" for line in lines]
    return count_of(ends)


def silent(client):
    """Most have made room for others when the last has come; the rest are let go of after a while."""
    return client.drip(1000, "", 1000, 60)


def oversize(client):
    return [client.status(f"GET / HTTP/1.1\r\nX: {'a' * 9000}\r\n\r\n"),
            client.status("GET / HTTP/1.1\r\n" + "X: y\r\n" * 5000 + "\r\n"),
            client.status(f"GET /{'a' * 9000} HTTP/1.1\r\nHost: x\r\n\r\n"),
            client.status(f"GET /{'a' * 8100} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
            client.status("POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "[" * 100000),
            client.status("POST /v1/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n" + "[" * 60000),
            client.status(client.post("/v1/files?name=x", "", f"Content-Length: {1 << 60}"))]


def lengths(client):
    ends = []
    for headers in ("Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5, 5", "Content-Length: -5",
                    "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked, chunked",
                    "Transfer-Encoding: identity", "Content-Length: 99999999999999999999"):
        ends.append(client.status(client.post("/v1/files?name=x", "hello", headers)))
    return count_of(ends)


def chunks(client):
    """Sizes that no chunk has, and one that ends early."""
    ends = []
    for body in ("ffffffffffffffff1\r\nhello", "-5\r\nhello", "5;x=y\r\nhel", "zz\r\n", "5\r\nhelloworld\r\n0\r\n\r\n"):
        with client.connect() as line:
            line.sendall(client.post("/v1/files?name=x", body, "Transfer-Encoding: chunked").encode())
            line.shutdown(1)
            ends.append(status_of(hear(line)))
    return count_of(ends)


def early_closes(client):
    for size in range(0, 2000, 5):
        with client.connect() as line:
            line.sendall(client.post("/v1/files?name=x", "x" * 2000, "Content-Length: 4000")[:size].encode())
    return "all gone"


def pipelines(client):
    """A hundred requests at once, on each of twenty lines."""
    def play(_):
        return client.say("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 99 +
                          "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").count(b"HTTP/1.1 200")
    with ThreadPoolExecutor(20) as pool:
        return sum(pool.map(play, range(20)))


def control_characters(client):
    return count_of([client.status(f"GET /healthz HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n")
                     for line in ("X: a\0b", "X\0: a", "X: a\rSet-Cookie: b", "X: a\nY: b", " X: folded", "X : a", ": a")])


def traversal(client):
    paths = ["/../../etc/passwd", "/v1/files/..%2f..%2f..%2fetc%2fpasswd", "/v1/files/%2e%2e/%2e%2e/etc/passwd/mp3",
             "/v1/files/%00/mp3", "/v1/files/..\\..\\x", "//etc/passwd", f"/v1/files/{client.mp3}%00/mp3",
             f"/v1/files/{client.mp3[:4]}/mp3"]
    return count_of([client.status(client.get(path)) for path in paths])


def ranges(client):
    path = f"/v1/files/{client.mp3}/mp3"
    ends = []
    for value in ("bytes=" + ",".join(["0-0"] * 500), "bytes=18446744073709551615-18446744073709551616", "bytes=5-1",
                  "bytes=-0", "bytes=--5", "bytes=0-,0-,0-", "lines=1-2"):
        ends.append(client.status(client.get(path, f"Range: {value}")))
    return count_of(ends)


def unread_bodies(client):
    """Bodies of refused requests in which other requests hide."""
    hidden = client.get("/v1/me") * 100
    refused = f"POST /v1/files?name=x HTTP/1.1\r\nHost: x\r\nContent-Length: {len(hidden)}\r\n\r\n{hidden}"
    answer = client.say(refused)
    return status_of(answer), answer.count(b"HTTP/1.1 ")


def crowd_of_uploads(client):
    """More uploads than one user may have, all of which wait for their bytes."""
    start = client.post("/v1/files?name=x", "", "Content-Length: 100000")
    lines = [client.connect() for _ in range(100)]
    for line in lines:
        line.sendall(start.encode())
    ends, give_up = [], time.monotonic() + 20
    while len(ends) < 36 and time.monotonic() < give_up:
        for line in select.select(lines, [], [], 1)[0]:
            ends.append(status_of(receive(line)))
            lines.remove(line)
    ends += ["waiting"] * len(lines)
    for line in lines:
        line.shutdown(socket.SHUT_WR)
    for line in lines:  # until the server hangs up, by when it has freed the line's place
        hear(line)
        line.close()
    return count_of(ends)


def crowd_of_logins(client):
    body = '{"email": "anna@example.org", "password": "wrong wrong"}'
    login = (f"POST /v1/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}")
    with ThreadPoolExecutor(150) as pool:
        return count_of(list(pool.map(lambda _: client.status(login), range(150))))


ALL = [
    Case("slow-heads", slow_heads, {408: 300}),
    Case("slow-logins", slow_logins, {408: 200}),
    Case("slow-uploads", slow_uploads, {400: 40}),
    Case("slow-readers", slow_readers, {"cut off": 40}),
    Case("silent", silent, {"closed": 1000}),
    Case("oversize", oversize, [431, 431, 414, 404, 413, 400, 413]),
    Case("lengths", lengths, {400: 7}),
    Case("chunks", chunks, {400: 5}),
    Case("early-closes", early_closes, "all gone"),
    Case("pipelines", pipelines, 2000),
    Case("control-characters", control_characters, {400: 7}),
    Case("traversal", traversal, {404: 8}),
    Case("ranges", ranges, only(200, 206, 416)),
    Case("unread-bodies", unread_bodies, (401, 1)),
    Case("crowd-of-uploads", crowd_of_uploads, {429: 36, "waiting": 64}),
    Case("crowd-of-logins", crowd_of_logins, only(401, 429, 503)),
]
