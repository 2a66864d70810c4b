#!/usr/bin/python3
"""A real SMTP server on a free loopback port, for tests.

    smtp_server.py FOLDER [--tls starttls|implicit|none] [--auth USER:PASSWORD]
                   [--reply rcpt=CODE | --reply data=CODE] [--port PORT]
                   [--fault mute | --fault drop | --fault data | --fault die | --hang-at ADDRESS]

Prints its port once it listens, keeps each letter as FOLDER/N.eml and prints that path, and ends
when its standard input does. With TLS, FOLDER/ca.pem is the certificate to trust. After SIGUSR1 it
takes one more letter and dies before it says so.

With a fault it never greets; greets and hangs up; falls silent in the middle of a letter; or takes
one and dies before it says so. Of a recipient that it hangs at it prints the address.
"""
import argparse
import asyncio
import os
import signal
import ssl
import subprocess
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Letters:
    def __init__(self, args):
        self.folder, self.reply, self.count = args.folder, args.reply, 0
        self.is_last, self.is_silent, self.hang_at = args.fault == "die", args.fault == "data", args.hang_at

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.reply.startswith("rcpt="):
            return self.reply[5:] + " as the test wants it"
        if address == self.hang_at:
            print(address, flush=True)
            await asyncio.Event().wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.reply.startswith("data="):
            return self.reply[5:] + " as the test wants it"
        if self.is_silent:
            await asyncio.Event().wait()
        self.count += 1
        path = os.path.join(self.folder, f"{self.count}.eml")
        with open(path + ".part", "wb") as letter:
            letter.write(f"X-Envelope: {envelope.mail_from} {' '.join(envelope.rcpt_tos)}\r\n".encode())
            letter.write(envelope.original_content)
        os.rename(path + ".part", path)
        print(path, flush=True)
        if self.is_last:
            os._exit(1)
        return "250 OK"


class Hasty(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"220 localhost\r\n")
        transport.close()


class FreePort(Controller):
    """Controller asks its own port before it knows which one it got."""

    def __init__(self, *args, fault, **options):
        self.talker = {"mute": asyncio.Protocol, "drop": Hasty}.get(fault)
        self.knows_itself = False
        super().__init__(*args, **options)

    def factory(self):
        """The first who calls is Controller itself, and wants to be greeted."""
        if self.talker and self.knows_itself:
            return self.talker()
        self.knows_itself = True
        return super().factory()

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def certificate(folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "ca.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", key, "-out", cert], check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--tls", choices=["starttls", "implicit", "none"], default="none")
    parser.add_argument("--auth")
    parser.add_argument("--reply", default="")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", choices=["mute", "drop", "data", "die"])
    parser.add_argument("--hang-at", default="")
    return parser.parse_args()


def main():
    args = arguments()
    options = {}
    context = certificate(args.folder) if args.tls != "none" else None
    if args.tls == "starttls":
        options.update(tls_context=context, require_starttls=True)
    if args.auth:
        wanted = tuple(part.encode() for part in args.auth.split(":", 1))
        options.update(
            authenticator=lambda *a: AuthResult(success=(a[4].login, a[4].password) == wanted, handled=False),
            auth_required=True, auth_require_tls=args.tls == "starttls")
    letters = Letters(args)
    signal.signal(signal.SIGUSR1, lambda *_: setattr(letters, "is_last", True))
    server = FreePort(
        letters, hostname="127.0.0.1", port=args.port, fault=args.fault,
        ssl_context=context if args.tls == "implicit" else None, **options)
    server.start()
    print(server.port, flush=True)
    sys.stdin.read()
    os._exit(0)  # Controller would wait for clients that are still there


main()
