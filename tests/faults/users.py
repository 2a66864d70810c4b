"""Users who do what users do, and remember what they were told.

For every upload a user knows in which states it may end. What was acknowledged leaves one; a lost answer leaves two.
"""

import base64
import hashlib
import http.client
import itertools
import json
import subprocess
import time

from sound import LONG, SHORT, Sound

DONE, CANCELLED, UPLOADING, ABSENT = "done", "cancelled", "uploading", "absent"
TUS = {"Tus-Resumable": "1.0.0"}
serials = itertools.count()


class Lost(Exception):
    """No answer came."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Upload:
    def __init__(self, owner, is_long):
        self.serial = next(serials)
        self.name = f"{owner}-{self.serial}.wav"
        self.sound = Sound(self.serial, LONG if is_long else SHORT)
        self.id = None
        self.may_end = {ABSENT}
        self.was_acknowledged = False
        self.offset = 0  # acknowledged, of an upload in pieces
        self.told_at = 0  # when the user heard last what becomes of it

    def acknowledged(self, id):
        self.id, self.may_end, self.was_acknowledged, self.told_at = id, {DONE}, True, time.time()


class User:
    def __init__(self, house, name, complain):
        self.house, self.name, self.complain = house, name, complain
        self.email = f"{name}@example.org"
        self.uploads = []
        self.token = None
        account = json.dumps({"email": self.email, "password": "correct horse battery"}).encode()
        content = {"Content-Type": "application/json"}
        house.add_user(self.email, "correct horse battery")
        self.token = self.ask("POST", "/v1/login", account, content).json()["token"]

    def ask(self, method, path, body=None, headers=()):
        self.house.up.wait(60)
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=60)
        try:
            authorization = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            connection.request(method, path, body, {**authorization, **dict(headers)})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as e:
            raise Lost from e
        finally:
            connection.close()
        if answer.status >= 500 and self.house.has_lost_power:
            raise Lost
        if answer.status in (503, 507) and self.house.bad_disk.has_touched(started):
            raise Lost  # it may have been done: the error may be one of the last of many writes
        if answer.status == 401 and self.house.wrong_time.has_touched(started):
            raise Lost
        if answer.status >= 500 and answer.status != 503:
            self.complain("wrong answers", f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        return answer

    def act(self, rng, others):
        action = rng.choices([self.post, self.tus, self.use_program, self.cancel, self.retry, self.remove,
                              self.look, self.download, self.pry], [40, 15, 7, 10, 10, 8, 5, 5, 5])[0]
        try:
            action(rng, others) if action == self.pry else action(rng)
        except Lost:
            pass

    def begin(self, rng):
        upload = Upload(self.name, rng.random() < 0.3)
        self.uploads.append(upload)
        return upload

    def one(self, rng):
        """One of the last uploads, whatever has become of it."""
        known = [upload for upload in self.uploads if upload.id][-12:]
        if not known:
            raise Lost
        return rng.choice(known)

    def post(self, rng):
        upload = self.begin(rng)
        wav = upload.sound.wav()
        for _ in range(rng.randint(1, 4)):  # whoever got no answer asks again, with the same key
            upload.may_end = {ABSENT, DONE}
            try:
                answer = self.ask("POST", f"/v1/files?name={upload.name}", wav, {"Idempotency-Key": upload.name})
            except Lost:
                continue
            if answer.status == 201:
                return upload.acknowledged(answer.json()["id"])
            if answer.status != 503:
                return self.complain("wrong answers", f"POST {upload.name}: {answer.status} {answer.body[:300]!r}")

    def tus(self, rng):
        upload = self.begin(rng)
        wav = upload.sound.wav()
        upload.may_end = {ABSENT, UPLOADING}
        name = base64.b64encode(upload.name.encode()).decode()
        answer = self.ask("POST", "/v1/uploads", headers={
            **TUS, "Upload-Length": str(len(wav)), "Upload-Metadata": f"filename {name}"})
        if answer.status != 201:
            return
        upload.id, upload.may_end = answer.headers["Location"].rpartition("/")[2], {UPLOADING}
        for _ in range(12):
            if upload.offset == len(wav):
                break
            if rng.random() < 0.03:
                return  # and never comes back
            try:
                self.send_piece(upload, wav, rng.randint(len(wav) // 5, len(wav)))
            except Lost:
                self.ask_offset(upload, wav)

    def send_piece(self, upload, wav, size):
        piece = wav[upload.offset:upload.offset + size]
        is_last = upload.offset + len(piece) == len(wav)
        if is_last:
            upload.may_end = {UPLOADING, DONE}
        answer = self.ask("PATCH", f"/v1/uploads/{upload.id}", piece, {
            **TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(upload.offset)})
        if answer.status == 204:
            upload.offset += len(piece)
            if is_last:
                upload.acknowledged(upload.id)
        elif answer.status == 404:
            self.complain("losses", f"{upload.name} {upload.id}: the upload is gone")

    def ask_offset(self, upload, wav):
        answer = self.ask("HEAD", f"/v1/uploads/{upload.id}", headers=TUS)
        if answer.status != 200:
            return self.complain("losses", f"{upload.name} {upload.id}: asked for its offset, got {answer.status}")
        offset = int(answer.headers["Upload-Offset"])
        if offset < upload.offset:
            self.complain("losses", f"{upload.name} {upload.id}: {upload.offset} bytes were acknowledged, {offset} are there")
        upload.offset = offset
        if offset == len(wav):  # a client that hears so has nothing left to send
            upload.acknowledged(upload.id)

    def use_program(self, rng):
        upload = self.begin(rng)
        path = self.house.folder / upload.name
        path.write_bytes(upload.sound.wav())
        upload.may_end = {ABSENT, UPLOADING, DONE}
        self.house.up.wait(60)
        started, began = time.time(), time.monotonic()
        run = subprocess.run(
            [self.house.mp3conv, "--server", self.house.url, "--no-input", "--retries", "0", "upload", path],
            env={**self.house.environment, "MP3CONV_TOKEN": self.token}, capture_output=True, text=True)
        path.unlink()
        if run.returncode == 0:
            upload.acknowledged(run.stdout.strip())
        elif run.returncode == 4 and self.house.wrong_time.has_touched(began):
            pass
        elif run.returncode != 5 and not started - 1 <= self.house.power_went_at < time.time():
            self.complain("wrong answers", f"mp3conv upload: exit {run.returncode}: {run.stderr.strip()}")

    def change(self, upload, path, word, end, method="POST"):
        """Asks for a change after which the upload ends otherwise."""
        before = upload.may_end
        upload.may_end = before | {end}
        answer = self.ask(method, path)
        if answer.status in (200, 204):
            upload.may_end, upload.told_at = {end}, time.time()
        elif answer.status in (404, 409, 503):
            upload.may_end = before
            self.expect_there(upload, answer)
        else:
            self.complain("wrong answers", f"{word} {upload.name} {upload.id}: {answer.status} {answer.body[:300]!r}")

    def expect_there(self, upload, answer):
        if answer.status == 404 and ABSENT not in upload.may_end:
            self.complain("losses", f"{upload.name} {upload.id}: 404, and it may only be {upload.may_end}")
        if answer.status == 200 and upload.may_end == {ABSENT}:
            self.complain("losses", f"{upload.name} {upload.id}: was removed and is there again")

    def cancel(self, rng):
        upload = self.one(rng)
        self.change(upload, f"/v1/files/{upload.id}/cancel", "cancel", CANCELLED)

    def retry(self, rng):
        upload = self.one(rng)
        self.change(upload, f"/v1/files/{upload.id}/retry", "retry", DONE)

    def remove(self, rng):
        upload = self.one(rng)
        self.change(upload, f"/v1/files/{upload.id}", "remove", ABSENT, "DELETE")

    def look(self, rng):
        upload = self.one(rng)
        self.expect_there(upload, self.ask("GET", f"/v1/files/{upload.id}"))

    def download(self, rng):
        upload = self.one(rng)
        answer = self.ask("GET", f"/v1/files/{upload.id}/mp3")
        self.expect_there(upload, answer)
        if answer.status == 200:
            file = self.ask("GET", f"/v1/files/{upload.id}").json()
            if file["mp3"]["sha256"] != hashlib.sha256(answer.body).hexdigest():
                self.complain("corrupt MP3s", f"{upload.name} {upload.id}: not the bytes that the file object names")

    def pry(self, rng, others):
        """What is somebody else's is not there."""
        upload = rng.choice(others).one(rng)
        for method, rest in ("GET", ""), ("GET", "/mp3"), ("POST", "/cancel"), ("DELETE", ""):
            answer = self.ask(method, f"/v1/files/{upload.id}{rest}")
            if answer.status not in (404, 503):
                self.complain("foreign files", f"{self.name}: {method} {upload.name}{rest}: {answer.status}")

    def files(self):
        """All file objects that the daemon shows this user."""
        cursor, files = "", []
        while True:
            page = self.ask("GET", "/v1/files?limit=1000" + (f"&cursor={cursor}" if cursor else "")).json()
            files += page["files"]
            cursor = page.get("next_cursor")
            if not cursor:
                return files
