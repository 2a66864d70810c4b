"""Sounds that can be told apart when they come back as MP3s: no two are equally long, and each is a tone."""

import array
import io
import math
import subprocess
import tempfile
import wave

RATE = 16000
SHORT, LONG = RATE // 2, 150 * RATE  # samples: over at once; long enough to be struck at work
STEP = 16  # samples from one sound to the next


class Sound:
    def __init__(self, serial, samples):
        self.samples = samples + STEP * serial
        self.hertz = 100 * (3 + serial % 40)

    def wav(self):
        period = array.array("h", (round(9000 * math.sin(2 * math.pi * self.hertz * i / RATE)) for i in range(RATE)))
        data = period.tobytes() * (self.samples // RATE + 1)
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(data[:2 * self.samples])
        return file.getvalue()

    def difference(self, mp3):
        """What is wrong with an MP3 of it, or nothing."""
        with tempfile.NamedTemporaryFile(suffix=".mp3") as file:  # of a pipe ffmpeg does not cut the padding
            file.write(mp3)
            file.flush()
            run = subprocess.run(["ffmpeg", "-loglevel", "error", "-i", file.name, "-f", "s16le", "-ac", "1", "-"],
                                 stdin=subprocess.DEVNULL, capture_output=True)
        if run.stderr or run.returncode:
            return "cannot be decoded: " + run.stderr.decode(errors="replace").strip()
        heard = array.array("h", run.stdout)
        if len(heard) != self.samples:
            return f"has {len(heard)} samples, not {self.samples}"
        part = heard[:RATE * 4]
        crossings = sum((a < 0) != (b < 0) for a, b in zip(part, part[1:]))
        hertz = crossings * RATE / 2 / len(part)
        return "" if abs(hertz - self.hertz) < 40 else f"sounds like {hertz:.0f} Hz, not {self.hertz}"
