#!/usr/bin/python3
"""A server that lies, for tests: it passes requests to a real one and falsifies some answers.

    lying_server.py HOST:PORT LIE

Listens on a free loopback port, prints it, and ends when its standard input does. LIE is one of the
functions below that are marked so. Each has the request, and in it the true answer, which it may
change or replace by another.
"""
import functools
import http.client
import itertools
import json
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENDLESS = 1 << 30  # bytes; nobody should have taken that many
lies = {}
nth = itertools.count(1)  # for lies that begin with the truth


def lie(function):
    lies[function.__name__] = function
    return function


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    announced: int | None = None  # what Content-Length says, where that is not true
    repeated: int = 1  # how often the body is sent, without a Content-Length


CUT = Answer(0, {}, b"")  # none: the line is cut instead


class Liar(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @functools.cached_property
    def answer(self):
        """The true one, of the real server."""
        server = http.client.HTTPConnection(self.server.target)
        server.request(self.command, self.path, self.content, dict(self.headers))
        real = server.getresponse()
        headers = {k: v for k, v in real.getheaders() if k.lower() not in ("content-length", "connection")}
        return Answer(real.status, headers, real.read())

    def reply(self):
        self.close_connection = True
        self.content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.server.lie(self) or self.answer
        if answer is CUT:
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.repeated == 1:
            self.send_header("Content-Length", answer.announced or len(answer.body))
        self.end_headers()
        for _ in range(answer.repeated):
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = reply

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # the client has had enough

    def log_message(self, *what):
        pass


# About the bytes of an MP3.


def mp3_lie(change):
    """A lie about those only."""
    name = change.__name__
    lies[name] = lambda request: change(request) if request.path.endswith("/mp3") else None
    return change


def break_off(answer):
    answer.announced = len(answer.body)
    answer.body = answer.body[:1000]


@mp3_lie
def other_bytes(request):
    request.answer.body = request.answer.body[:-1] + b"?"


@mp3_lie
def fewer_bytes_than_announced(request):
    request.answer.announced = len(request.answer.body)
    request.answer.body = request.answer.body[:-1]


@mp3_lie
def fewer_bytes_than_promised(request):
    request.answer.body = request.answer.body[:-1]


@mp3_lie
def more_bytes_than_promised(request):
    request.answer.body += b"more"


@mp3_lie
def bytes_without_end(request):
    request.answer.repeated = ENDLESS // len(request.answer.body)


@mp3_lie
def all_instead_of_the_rest(request):
    """Breaks off, and has all of it then, where the rest was asked for."""
    if next(nth) == 1:
        break_off(request.answer)
    else:
        del request.headers["Range"]


@mp3_lie
def another_part(request):
    """Breaks off, and has another part then than the one that was asked for."""
    if next(nth) == 1:
        break_off(request.answer)
    else:
        request.headers.replace_header("Range", "bytes=500-")


# About an upload. Its first piece is lost, so that the client asks how far it came.


def lose_first_piece(request):
    return CUT if request.command == "PATCH" and next(nth) == 1 else None


@lie
def offset_ahead(request):
    if request.command == "HEAD":
        request.answer.headers["Upload-Offset"] = "1000"
    return lose_first_piece(request)


@lie
def offset_beyond_the_end(request):
    if request.command == "HEAD":
        request.answer.headers["Upload-Offset"] = "99999999999"
    return lose_first_piece(request)


@lie
def location_elsewhere(request):
    if location := request.answer.headers.get("Location"):
        request.answer.headers["Location"] = "http://127.0.0.1:1" + location


@lie
def location_of_nothing(request):
    if "Location" in request.answer.headers:
        request.answer.headers["Location"] = "http://127.0.0.1:1/"


# About file objects, alone or in a list.


def file_lie(change):
    def falsify(request):
        if not request.answer.headers.get("Content-Type", "").startswith("application/json"):
            return
        content = json.loads(request.answer.body)
        if "files" in content:
            content["files"] = [change(file) for file in content["files"]]
        elif "state" in content:
            content = change(content)
        request.answer.body = json.dumps(content).encode()

    lies[change.__name__] = falsify
    return change


@file_lie
def no_members(file):
    return {"state": file["state"]}


@file_lie
def wrong_types(file):
    return {**file, "id": 7, "source": [], "mp3": "yes"}


@file_lie
def done_without_mp3(file):
    return {key: value for key, value in file.items() if key != "mp3"}


@file_lie
def name_with_path(file):
    return {**file, "name": "../../up\x1b[2J\n.mp4"}


@file_lie
def id_with_path(file):
    return {**file, "id": "../../up\x1b[2J\nsecond"}


# About a list's pages.


def page_lie(change):
    """A page that says that there is another, which then is that page again."""

    def falsify(request):
        page = json.loads(request.answer.body)
        request.answer.body = json.dumps({**change(page), "next_cursor": "1"}).encode()

    lies[change.__name__] = falsify
    return change


@page_lie
def same_page_again(page):
    return page


@page_lie
def empty_page_again(page):
    return {"files": []}


# About everything.


@lie
def html(request):
    return Answer(200, {"Content-Type": "text/html"}, b"<html>Please log in to this network</html>")


@lie
def error(request):
    return Answer(500, {"Content-Type": "text/html"}, b"<html>Sorry</html>")


@lie
def moved(request):
    return Answer(302, {"Location": "http://127.0.0.1:1/"}, b"")


def rate_limited(seconds):
    problem = {"status": 429, "code": "rate_limited", "detail": "too many requests", "retryable": True}
    return Answer(429, {"Content-Type": "application/problem+json", "Retry-After": seconds},
                  json.dumps(problem).encode())


@lie
def too_many_requests(request):
    return rate_limited("1")


@lie
def much_too_many_requests(request):
    return rate_limited("9223372039854776")  # seconds, and too many in any smaller unit


@lie
def too_many_requests_for_a_proxy(request):
    return Answer(429, {"Content-Type": "text/html", "Retry-After": "1"}, b"<html>Slow down</html>")


@lie
def json_without_end(request):
    return Answer(200, {"Content-Type": "application/json"}, b"[" * 65536, repeated=ENDLESS >> 16)


@lie
def headers_without_end(request):
    request.send_response_only(200)
    request.flush_headers()
    for _ in range(ENDLESS >> 10):
        request.wfile.write(b"X-More: " + b"x" * 1014 + b"\r\n")
    return CUT


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    server.target, server.lie = sys.argv[1], lies[sys.argv[2]]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


main()
