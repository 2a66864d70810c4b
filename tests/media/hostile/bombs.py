"""Bombs: little to send, much to do. Each is stopped, or turns out to be harmless."""

import struct
import zlib

from .boxes import (
    box, ebml, file_type, flac_block, full_box, id3, id3_frame, matroska, movie, numbers,
    riff_wave, sample_table, sound_track, vorbis_comments,
)
from .corpus import REFUSED, TONE, media, patched

MILLION_HOURS_S = 3_600_000_000


def movie_of(table, data=b"\x80" * 16_000):
    """The samples begin at byte 28."""
    return file_type() + box(b"mdat", data) + movie(sound_track(table))


def tables(add):
    again = sample_table(16_000 * 10_000, [28] * 10_000, 16_000)
    add("chunk_again_and_again.mov", movie_of(again), "too_long")
    samples = sample_table(0xFFFFFFFF, [28], 0xFFFFFFFF)
    add("four_billion_samples.mov", movie_of(samples), REFUSED + "|done")
    times = sample_table(16_000, [28], 16_000)
    times[0] = full_box(b"stts", numbers(1, 0xFFFFFFFF, 0x7FFFFFFF))
    add("four_billion_times.mov", movie_of(times), REFUSED + "|done")
    sizes = sample_table(16_000, [28], 16_000)
    sizes[2] = full_box(b"stsz", numbers(0x7FFFFFFF, 16_000))
    add("samples_of_two_gigabytes.mov", movie_of(sizes), REFUSED + "|done")
    chunks = sample_table(16_000, [28], 16_000)
    chunks[3] = full_box(b"stco", numbers(0xFFFFFFFF, 28))
    add("four_billion_chunks.mov", movie_of(chunks), REFUSED + "|done")


def durations(add):
    mp4 = media("m4a", *TONE)
    long = struct.pack(">I", MILLION_HOURS_S)
    add("million_hours.m4a", patched(patched(mp4, b"mvhd", 20, long), b"mdhd", 20, long), "done")
    add("million_hours.wav", riff_wave(b"\x80" * 8000, data_bytes=0x7FFFFF00), "done")
    xing = patched(media("mp3", *TONE), b"Info", 8, b"\xff" * 4)
    add("four_billion_frames.mp3", xing, "done")
    mkv = media("mka", *TONE)
    add("endless.mka", patched(mkv, b"\x44\x89\x88", 3, struct.pack(">d", 1e18)), "done")
    add("a_sample_a_second.wav", riff_wave(bytes(8000), rate=1), REFUSED + "|too_long")
    add("two_gigahertz.wav", riff_wave(bytes(8000), rate=0x7FFFFFFF), REFUSED + "|done")
    add("silence.flac", silent_flac(2000), "too_long")


def silent_flac(count):
    """Frames of eight seconds, in fourteen bytes each."""
    silence = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=20"]
    flac = media("flac", *silence, "-frame_size", "65535")
    first = flac.find(b"\xff\xf8")
    second = flac.find(b"\xff\xf8", first + 1)
    return flac[:first] + flac[first:second] * count


def metadata(add):
    mp3 = media("mp3", *TONE, "-id3v2_version", "0")
    flac = media("flac", *TONE)
    stream_info, frames = flac[8:42], flac[flac.find(b"\xff\xf8") :]
    head = b"fLaC" + flac_block(0, stream_info)
    many = vorbis_comments([b"k%d=v" % i for i in range(200_000)])
    claimed = flac_block(6, bytes(4) + struct.pack(">I", 0xFFFFFFF0), is_last=True)
    big = b"\0image/jpeg\0\3\0" + b"\xff\xd8" + bytes(10 << 20)
    packed = struct.pack(">I", 200 << 20) + zlib.compress(bytes(200 << 20))
    chapters = b"".join(
        ebml("b6", ebml("73c4", numbers(i + 1)) + ebml("91", numbers(0, i * 1000)))
        for i in range(50_000)
    )
    mka = media("mka", *TONE)
    cluster = mka.find(b"\x1f\x43\xb6\x75")

    title = id3_frame(b"TIT2", b"\3" + b"x" * (10 << 20))
    add("ten_megabytes_of_title.mp3", id3(title) + mp3, "done")
    texts = [id3_frame(b"TXXX", b"\3%d\0v" % i) for i in range(10_000)]
    add("ten_thousand_texts.mp3", id3(*texts) + mp3, "done")
    add("ten_megabytes_of_cover.mp3", id3(id3_frame(b"APIC", big)) + mp3, "done")
    add("tag_without_end.mp3", b"ID3\4\0\0\x7f\x7f\x7f\x7f" + mp3, "not_media")
    add("compressed_tag.mp3", id3(id3_frame(b"TIT2", packed, b"\0\x09")) + mp3, "done")
    comments = flac_block(4, many, is_last=True)
    add("many_comments.flac", head + comments + frames, "conversion_timeout")
    add("picture_of_four_gigabytes.flac", head + claimed + frames, "not_media|done")
    edition = ebml("1043a770", ebml("45b9", chapters))
    with_chapters = mka[:cluster] + edition + mka[cluster:]
    add("many_chapters.mka", with_chapters, "done|conversion_timeout")


def structures(add):
    nested = b""
    for _ in range(20_000):
        nested = box(b"moov", nested)
    add("nested.mp4", file_type() + nested, "not_media")
    levels = b""
    for _ in range(2000):
        levels = ebml("1654ae6b", levels)
    add("nested.mkv", matroska(levels), "not_media")
    track = sound_track(sample_table(16_000, [28], 16_000))
    data = file_type() + box(b"mdat", b"\x80" * 16_000)
    add("thousand_tracks.mov", data + movie(*[track] * 1000), "not_media|done")
    entry = ebml("ae", ebml("d7", b"\1") + ebml("83", b"\2") + ebml("86", b"A_PCM/INT/LIT"))
    add("thousand_tracks.mka", matroska(ebml("1654ae6b", entry * 1000)), REFUSED)
    packed = zlib.compress(bytes(500 << 20))
    cmov = box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", numbers(500 << 20), packed))
    add("compressed_index.mov", file_type() + box(b"moov", cmov), "not_media")
    add("many_channels.wav", riff_wave(bytes(200_000), channels=65_535), REFUSED + "|done")


def make(corpus):
    for part in tables, durations, metadata, structures:
        part(corpus.add)
