"""The corpus as it grows, and how its files are made."""

import subprocess
import tempfile
from pathlib import Path

# For files of which libavformat alone knows what it makes of them: no MP3, whatever the code.
REFUSED = "not_media|no_audio_track|corrupt_media|unsupported_codec"

TONE = ["-f", "lavfi", "-i", "sine=440:r=44100:d=2"]
FILM = ["-f", "lavfi", "-i", "testsrc=s=64x64:r=10:d=2", *TONE, "-c:v", "mpeg4"]


class Corpus:
    def __init__(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.group = ""
        self.rows = []

    def add(self, name, data, outcome):
        (self.directory / name).write_bytes(data)
        self.rows.append((self.group, name, outcome))

    def finish(self):
        lines = ["\t".join(row) + "\n" for row in self.rows]
        (self.directory / "manifest.tsv").write_text("".join(lines))


def media(kind, *arguments):
    """What ffmpeg makes of the arguments, in a file with the extension `kind`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{kind}"
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", *arguments, "-bitexact", path], check=True
        )
        return path.read_bytes()


def patched(data, marker, offset, replacement):
    """`data` with other bytes `offset` bytes behind each place where `marker` stands."""
    data = bytearray(data)
    at = data.find(marker)
    if at < 0:
        raise ValueError(f"no {marker!r}")
    while at >= 0:
        start = at + offset
        data[start : start + len(replacement)] = replacement
        at = data.find(marker, start + len(replacement))
    return bytes(data)
