"""The letters that the mail server took."""

import email
from collections import defaultdict


class Letter:
    def __init__(self, path):
        text = email.message_from_bytes(path.read_bytes())
        self.recipients = text["X-Envelope"].split()[1:]
        self.message_id = text["Message-ID"]
        self.file_id = self.message_id.strip("<>").split(".")[0]
        self.is_ready = text["Subject"].replace("\r\n", "").endswith("is ready")
        self.taken = path.stat().st_mtime


class Letters:
    def __init__(self, folder):
        self.folder, self.seen, self.of_file = folder, set(), defaultdict(list)

    def fetch(self):
        """Looks for new ones."""
        for path in self.folder.glob("*/*.eml"):
            if path not in self.seen:
                self.seen.add(path)
                letter = Letter(path)
                self.of_file[letter.file_id].append(letter)
        return self
