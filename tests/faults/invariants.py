"""What must be true once the house is at rest, seen from outside."""

import hashlib
import os
import signal
import sqlite3
import time

from users import ABSENT, DONE, Lost

SENT_TO_MARKED = 5  # seconds: who took a letter longer ago than this has been answered


class Invariants:
    def __init__(self, house, users, letters, complain):
        self.house, self.users, self.letters, self.complain = house, users, letters, complain
        self.checked = {}  # sha256 of the MP3s that were decoded, by file ID
        self.duplicates = set()
        self.lost_after_cut = 0

    # Rest.

    def unrest(self):
        """What is still to come: none of it is wrong yet."""
        self.letters.fetch()
        pending = []
        for user in self.users:
            known = {upload.name: upload for upload in user.uploads}
            for file in user.files():
                upload = known.get(file["name"])
                if file["state"] in ("queued", "converting"):
                    pending.append(f"{file['name']} {file['id']} is {file['state']}")
                elif file["state"] in ("done", "failed") and not self.letters.of_file[file["id"]]:
                    pending.append(f"{file['name']} {file['id']} has no letter")
        return pending

    def unrest_of_a_living_house(self):
        try:
            return self.unrest()
        except Lost:
            self.house.ensure_daemon()
            return ["the daemon does not answer"]

    def wait_for_rest(self, patience, is_patient):
        """Where it takes long, time passes: with the daemon down, as after a restart some minutes later."""
        for _ in range(8):
            give_up = time.monotonic() + (15 * 60 if is_patient else patience)
            while pending := self.unrest_of_a_living_house():
                if time.monotonic() > give_up:
                    break
                time.sleep(0.1)
            else:
                return
            if is_patient:
                break
            self.house.end(signal.SIGTERM)
            self.house.pass_time()
            self.house.start()
            patience = 10
        self.complain("losses", "never at rest: " + "; ".join(pending[:10]))

    # Files.

    def check(self):
        for user in self.users:
            files = user.files()
            self.check_list(user, files)
            for file in files:
                if file["state"] == "done":
                    self.check_mp3(user, file)
        self.check_letters()

    def check_list(self, user, files):
        by_name = {}
        known = {upload.name: upload for upload in user.uploads}
        for file in files:
            if file["name"] not in known:
                self.complain("foreign files", f"{user.name} is shown {file['name']}")
            elif file["name"] in by_name:
                self.complain("losses", f"{file['name']} is there twice: {file['id']}, {by_name[file['name']]['id']}")
            by_name[file["name"]] = file
        for upload in user.uploads:
            file = by_name.get(upload.name)
            state = file["state"] if file else ABSENT
            if state not in upload.may_end:
                error = f" {file['error']}" if file and "error" in file else ""
                self.report_loss(upload, f"is {state}{error}, may be {sorted(upload.may_end)}")
            upload.may_end = {state}  # from here on it stays so; one complaint is enough
            upload.id = file["id"] if file else upload.id

    def report_loss(self, upload, what):
        late = upload.told_at - self.house.power_went_at
        if late >= 0 and upload.told_at <= self.house.power_came_at:
            self.lost_after_cut += 1
            print(f"after the cut: {upload.name} {upload.id}: {what}; told {late * 1000:.1f} ms after it", flush=True)
        else:
            self.complain("losses", f"{upload.name} {upload.id}: {what}")

    def check_mp3(self, user, file):
        upload = next((u for u in user.uploads if u.name == file["name"]), None)
        if not upload or file["id"] in self.checked:
            return
        mp3 = user.ask("GET", f"/v1/files/{file['id']}/mp3").body
        self.checked[file["id"]] = hashlib.sha256(mp3).hexdigest()
        wrong = upload.sound.difference(mp3)
        if self.checked[file["id"]] != file["mp3"]["sha256"] or len(mp3) != file["mp3"]["bytes"]:
            wrong = "is not what the file object says"
        elif abs(file["mp3"]["duration_s"] - upload.sound.samples / 16000) > 0.0005:
            wrong = f"is said to last {file['mp3']['duration_s']} s"
        if wrong:
            self.complain("corrupt MP3s", f"{upload.name} {file['id']}: {wrong}")
        stranger = self.users[(self.users.index(user) + 1) % len(self.users)]
        if stranger.ask("GET", f"/v1/files/{file['id']}/mp3").status != 404:
            self.complain("foreign files", f"{stranger.name} gets {upload.name} {file['id']}")

    # Letters.

    def check_letters(self):
        owners = {upload.id: (user, upload) for user in self.users for upload in user.uploads if upload.id}
        for file_id, letters in self.letters.of_file.items():
            if not letters:
                continue
            if file_id not in owners:
                # Its owner never heard of it: the answer was lost, and it was removed since.
                self.complain("wrong letters", f"{file_id}: a letter about a file that nobody knows")
                continue
            user, upload = owners[file_id]
            if any(letter.recipients != [user.email] for letter in letters):
                self.complain("foreign files", f"{upload.name} {file_id}: its letter went to {letters[0].recipients}")
            if len({letter.message_id for letter in letters if letter.is_ready}) > 1:
                self.complain("wrong letters", f"{upload.name} {file_id}: {[letter.message_id for letter in letters]}")
            if upload.may_end == {"cancelled"} and any(letter.is_ready for letter in letters):
                self.complain("wrong letters", f"{upload.name} {file_id}: is cancelled and has a letter")
            self.check_repetition(upload, letters)
        for file_id, (user, upload) in owners.items():
            if upload.may_end == {DONE} and not any(l.is_ready for l in self.letters.of_file[file_id]):
                self.complain("wrong letters", f"{upload.name} {file_id}: is done and has no letter")

    def check_repetition(self, upload, letters):
        by_message = {}
        for letter in sorted(letters, key=lambda l: l.taken):
            first = by_message.setdefault(letter.message_id, letter)
            if first is letter or (letter.message_id, letter.taken) in self.duplicates:
                continue
            self.duplicates.add((letter.message_id, letter.taken))
            if not any(0 <= end - first.taken <= SENT_TO_MARKED for end in self.house.ends):
                self.complain("wrong letters", f"{upload.name} {letter.message_id}: twice, and nothing had ended")

    # The folder, at the very end.

    def check_folder(self):
        """With the daemon down, two hours pass for all files, and the sweeper looks at them once."""
        self.house.end(signal.SIGTERM)
        orphans, _ = self.compare()
        long_ago = time.time() - 2 * 3600
        for blob in (self.house.store / "blobs").glob("*/*"):
            os.utime(blob, (long_ago, long_ago))
        self.house.start()
        give_up = time.monotonic() + 20
        while self.compare()[0] and time.monotonic() < give_up:
            time.sleep(0.1)
        left, missing = self.compare()
        for blob in left:
            self.complain("orphans left", f"{blob}: no row names it, and it was not swept")
        for blob in missing:
            self.complain("losses", f"{blob}: a row names it, and it is gone")
        for draft in (self.house.store / "drafts").iterdir():
            self.complain("orphans left", f"{draft.name}: a draft at rest")
        for user in self.users:
            for file in user.files():
                if file["id"] in self.checked:
                    mp3 = user.ask("GET", f"/v1/files/{file['id']}/mp3").body
                    if hashlib.sha256(mp3).hexdigest() != self.checked[file["id"]]:
                        self.complain("corrupt MP3s", f"{file['id']}: has changed since it was done")
        return len(orphans)

    def compare(self):
        """@return blobs without a row, and rows' blobs that are not there."""
        rows = sqlite3.connect(f"file:{self.house.data}/mp3conv.db?mode=ro", uri=True, timeout=20)
        named, begun = set(), set()
        for source, mp3, state, offset in rows.execute("SELECT source_blob, mp3_blob, state, upload_offset FROM files"):
            named |= {blob for blob in (source, mp3) if blob}
            if state == "uploading" and offset == 0:
                begun.add(source)  # nothing came yet
        if rows.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            self.complain("losses", "the database is damaged")
        rows.close()
        there = {blob.name for blob in (self.house.store / "blobs").glob("*/*")}
        return there - named, named - there - begun
