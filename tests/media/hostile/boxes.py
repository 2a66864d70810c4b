"""Containers from their parts, for files that no program writes."""

import struct


def box(kind, *parts):
    """A box of an MP4 (ISO 14496-12, 4.2)."""
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + kind + content


def full_box(kind, *parts, flags=0):
    return box(kind, struct.pack(">I", flags), *parts)


def numbers(*values):
    return struct.pack(f">{len(values)}I", *values)


def sound_track(table, reference=None, length=2, rate=8000):
    """A track of 8-bit PCM whose sample table has these boxes, with its samples at `reference`."""
    sound = struct.pack(">HHHHI", 1, 8, 0, 0, rate << 16)
    entry = box(b"raw ", bytes(6), struct.pack(">H", 1), bytes(8), sound)
    reference = reference or full_box(b"url ", flags=1)  # this file
    information = box(
        b"minf",
        full_box(b"smhd", bytes(4)),
        box(b"dinf", full_box(b"dref", numbers(1), reference)),
        box(b"stbl", full_box(b"stsd", numbers(1), entry), *table),
    )
    media = box(
        b"mdia",
        full_box(b"mdhd", numbers(0, 0, rate, length * rate, 0)),
        full_box(b"hdlr", numbers(0), b"soun", bytes(13)),
        information,
    )
    header = full_box(b"tkhd", numbers(0, 0, 1, 0, length * 1000), bytes(60), flags=7)
    return box(b"trak", header, media)


def movie(*tracks, length=2):
    header = full_box(b"mvhd", numbers(0, 0, 1000, length * 1000, 0x10000), bytes(76), numbers(2))
    return box(b"moov", header, *tracks)


def sample_table(samples, chunks, samples_a_chunk, size=1):
    """Samples of one size, in chunks at these offsets."""
    return [
        full_box(b"stts", numbers(1, samples, 1)),
        full_box(b"stsc", numbers(1, 1, samples_a_chunk, 1)),
        full_box(b"stsz", numbers(size, samples)),
        full_box(b"stco", numbers(len(chunks), *chunks)),
    ]


def file_type():
    return box(b"ftyp", b"qt  ", bytes(4), b"qt  ")


def ebml(identifier, content, unknown_size=False):
    """An element of a Matroska file (RFC 8794)."""
    size = b"\x01" + b"\xff" * 7 if unknown_size else struct.pack(">Q", len(content) | 1 << 56)
    return bytes.fromhex(identifier) + size + content


def matroska(*parts):
    head = ebml("4282", b"matroska")
    return ebml("1a45dfa3", head) + ebml("18538067", b"".join(parts), unknown_size=True)


def riff_wave(samples, channels=1, rate=8000, bits=8, data_bytes=None):
    """A WAV as its head describes it, true or not."""
    block = max(1, channels * bits // 8)
    bytes_a_second = rate * block & 0xFFFFFFFF
    form = struct.pack("<HHIIHH", 1, channels, rate, bytes_a_second, block & 0xFFFF, bits)
    size = len(samples) if data_bytes is None else data_bytes
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", min(len(chunks) + size, 0xFFFFFFFF)) + chunks + samples


def id3(*frames):
    """An ID3v2.4 tag (id3.org)."""
    content = b"".join(frames)
    return b"ID3\4\0\0" + seven_bits(len(content)) + content


def id3_frame(kind, content, flags=b"\0\0"):
    return kind + seven_bits(len(content)) + flags + content


def seven_bits(size):
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def flac_block(kind, content, is_last=False):
    """A metadata block of a FLAC file (RFC 9639, 8)."""
    return bytes([kind | is_last << 7]) + len(content).to_bytes(3, "big") + content


def vorbis_comments(comments):
    """RFC 9639, 8.6."""
    vendor = b"x"
    listed = b"".join(struct.pack("<I", len(c)) + c for c in comments)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(comments)) + listed
