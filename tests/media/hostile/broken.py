"""Broken: cut, damaged, or something else altogether."""

import random

from .boxes import riff_wave
from .corpus import FILM, REFUSED, TONE, media, patched


NOISE = ["-f", "lavfi", "-i", "anoisesrc=d=10:seed=1"]  # an Ogg page holds seconds of a tone


def damaged(data, share, seed=1, head=8000):
    """`data` with this share of the bytes behind its head changed, always in the same way."""
    data = bytearray(data)
    chance = random.Random(seed)
    for _ in range(int((len(data) - head) * share)):
        data[chance.randrange(head, len(data))] = chance.randrange(256)
    return bytes(data)


def make(corpus):
    add = corpus.add
    noise = random.Random(2).randbytes(200_000)

    add("empty.mp4", b"x", "not_media")
    add("text.mp4", b"just a line of text\n" * 100, "not_media")
    add("noise.mp3", noise.replace(b"\xff", b"\xfe"), "not_media")
    add("picture.mp4", media("png", *FILM[:4], "-frames:v", "1"), "not_media")
    add("photo.mp3", media("jpg", *FILM[:4], "-frames:v", "1"), "not_media")
    add("program.mp4", b"\x7fELF\2\1\1" + noise[:4000].replace(b"\xff", b"\0"), "not_media")
    add("archive.mp4", b"PK\3\4" + bytes(26), "not_media")
    add("paper.mp4", b"%PDF-1.7\n%%EOF\n", "not_media")
    add("silent_film.mp4", media("mp4", *FILM, "-an"), "no_audio_track")

    film = media("mp4", *FILM)
    fast = media("mp4", *FILM, "-movflags", "faststart")
    add("no_index.mp4", film[: len(film) // 2], "not_media")
    add("half.mp4", fast[: len(fast) // 2], "done")
    add("half_index.mp4", fast[:800], "not_media")
    for kind in "flac", "wav", "mp3", "mkv", "ogg", "ts", "avi", "aac":
        whole = media(kind, *(NOISE if kind == "ogg" else TONE))
        add(f"half.{kind}", whole[: len(whole) // 2], "done")
        add(f"damaged.{kind}", damaged(whole, 0.0001 if kind == "ogg" else 0.001), "done")
    add("ruined.flac", damaged(media("flac", *TONE), 0.5, head=100), "corrupt_media|done")
    add("ruined.mp4", damaged(fast, 0.05, head=0), REFUSED + "|done")
    add("head_alone.wav", riff_wave(b""), "corrupt_media")
    add("head_alone.flac", media("flac", *TONE)[:86], "corrupt_media|not_media")
    add("no_channels.wav", riff_wave(bytes(8000), channels=0), REFUSED)
    add("no_rate.wav", riff_wave(bytes(8000), rate=0), REFUSED)
    unknown = patched(riff_wave(bytes(8000)), b"fmt ", 8, b"\x37\x13")
    add("unknown_codec.wav", unknown, "unsupported_codec")
