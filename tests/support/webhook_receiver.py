#!/usr/bin/python3
"""Takes what is posted to a free loopback port, for tests.

    webhook_receiver.py FOLDER [--tls] [ANSWER...]

Prints its port once it listens, keeps each request as FOLDER/N.json and prints that path, and ends
when its standard input does. It gives these answers one by one, and 204 when there are none left:
a status, of which 3xx leads to another address of its own; `endless`, a body without an end; or
`mute`, none. With TLS, nobody vouches for its certificate.
"""
import argparse
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock, answers, folder, count = threading.Lock(), [], "", 0

    def keep(self, body):
        """Returns how to answer."""
        with Receiver.lock:
            Receiver.count += 1
            path = os.path.join(self.folder, f"{Receiver.count}.json")
            answer = self.answers.pop(0) if self.answers else "204"
        with open(path + ".part", "w") as file:
            headers = {name.lower(): value for name, value in self.headers.items()}
            json.dump({"method": self.command, "path": self.path, "answer": answer, "headers": headers,
                       "body": body}, file)
        os.rename(path + ".part", path)
        print(path, flush=True)
        return answer

    def do_POST(self):
        answer = self.keep(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if answer == "mute":
            threading.Event().wait()
        self.send_response(200 if answer == "endless" else int(answer))
        if answer.startswith("3"):
            self.send_header("Location", "/followed")
        if answer != "endless":
            self.send_header("Content-Length", "0")
        self.end_headers()
        try:
            while answer == "endless":
                self.wfile.write(b"x" * 4096)
        except OSError:
            self.close_connection = True

    do_GET = do_POST

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """Clients may go as they like."""


def own_certificate(folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", key, "-out", cert], check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("answers", nargs="*")
    args = parser.parse_args()
    Receiver.folder, Receiver.answers = args.folder, args.answers
    server = Server(("127.0.0.1", 0), Receiver)
    if args.tls:
        # The handshake is for the connection's own thread.
        server.socket = own_certificate(args.folder).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
