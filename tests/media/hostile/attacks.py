"""Attacks: files that want another file, or an address, to be read. None is media, but for those
that hide the wish in a real container: what those play is their own bytes, or nothing."""

from .boxes import box, file_type, full_box, id3, movie, numbers, sample_table, sound_track
from .corpus import REFUSED, TONE, media


def playlists(secret, url):
    """Name and text of lists that players follow."""
    hls = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n{}#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n"
    key = f'#EXT-X-KEY:METHOD=AES-128,URI="{url}/key"\n'
    yield "hls_file.mp4", hls.format("", f"file://{secret}")
    yield "hls_path.mp4", hls.format("", secret)
    yield "hls_address.mp4", hls.format("", f"{url}/segment.ts")
    yield "hls_key.mp4", hls.format(key, secret)
    yield "hls_of_hls.m3u8", f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{url}/list.m3u8\n"
    yield "hls_with_a_tag.mp3", id3().decode("latin-1") + hls.format("", secret)
    yield "concat_file.mp4", f"ffconcat version 1.0\nfile '{secret}'\n"
    yield "concat_address.mp4", f"ffconcat version 1.0\nfile '{url}/a.mp4'\n"
    yield "concat_protocol.mp4", f"concat:{secret}|{secret}\n"
    yield "subfile.mp4", f"subfile,,start,0,end,0,,:{secret}\n"
    yield "dash.mp4", (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        f'<AdaptationSet mimeType="audio/mp4"><BaseURL>{url}/</BaseURL></AdaptationSet>'
        "</Period></MPD>"
    )
    yield "smooth.mp4", f'<SmoothStreamingMedia><StreamIndex Url="{url}/"/></SmoothStreamingMedia>'
    local = "IN IP4 127.0.0.1"
    yield "session.sdp", f"v=0\no=- 0 0 {local}\ns=x\nc={local}\nm=audio 5004 RTP/AVP 0\n"
    yield "winamp.mp3", f"[playlist]\nFile1={url}/a.mp3\nNumberOfEntries=1\n"
    yield "windows.asf", f'<asx version="3.0"><entry><ref href="{url}/a.wma"/></entry></asx>'
    yield "redirection.asf", f"[Reference]\r\nRef1={url}/a.asf\r\n"
    track = f"<track><location>file://{secret}</location></track>"
    yield "xspf.mp4", f"<playlist><trackList>{track}</trackList></playlist>"
    yield "picture_%03d.png", "not the picture, but its number\n"
    yield "vector.mp4", f'<svg><image href="{url}/a"/></svg>'
    yield "subtitles.idx", f"# VobSub index file, v7\nid: en, index: 0\n{secret}\n"
    yield "script.mp4", f"#!/bin/sh\ncat {secret}\n"


def references(secret, url):
    """Name and data reference of tracks whose samples are said to be elsewhere."""
    path = secret.encode()
    named = b"\0\2" + len(path).to_bytes(2, "big") + path
    alias = bytes(4) + numbers(len(path) + 150) + bytes(142) + named
    yield "reference_file.mov", full_box(b"url ", b"file://" + path + b"\0")
    yield "reference_address.mov", full_box(b"url ", f"{url}/a.mov\0".encode())
    yield "reference_name.mov", full_box(b"urn ", path + b"\0" + path + b"\0")
    yield "reference_alias.mov", full_box(b"alis", alias)


def make(corpus, secret, url):
    for name, text in playlists(secret, url):
        corpus.add(name, text.encode("latin-1"), "not_media")
    table = sample_table(16_000, [0], 16_000)
    for name, reference in references(secret, url):
        data = file_type() + movie(sound_track(table, reference))
        corpus.add(name, data, REFUSED + "|done")  # of the bytes in the file itself
    address = full_box(b"rdrf", b"url ", numbers(len(url)), url.encode())
    elsewhere = box(b"moov", box(b"rmra", box(b"rmda", address)))
    corpus.add("reference_movie.mov", file_type() + elsewhere, REFUSED)
    list_behind = media("mp3", *TONE) + b"#EXTM3U\n#EXTINF:2,\n" + secret.encode() + b"\n"
    corpus.add("list_behind_sound.mp3", list_behind, "done")
