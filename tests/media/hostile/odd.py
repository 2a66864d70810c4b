"""Valid, but odd: all of them become MP3s."""

from .boxes import file_type, id3, id3_frame, movie, box, riff_wave, sample_table, sound_track
from .corpus import FILM, TONE, media


def make(corpus):
    def add(name, data):
        corpus.add(name, data, "done")

    for kind in "flac", "w64", "aiff", "caf", "au", "wma", "opus", "ac3", "mp2", "aac":
        add(f"tone.{kind}", media(kind, *TONE))
    for kind in "avi", "mpg", "ts", "mkv", "3gp", "flv":
        codecs = ["-c:v", "flv"] if kind == "flv" else []
        codecs += ["-c:v", "mpeg2video", "-r", "25"] if kind == "mpg" else []
        add(f"film.{kind}", media(kind, *FILM, *codecs, "-c:a", "mp2" if kind == "mpg" else "aac"))

    mp3 = media("mp3", *TONE, "-id3v2_version", "0", "-write_xing", "0")
    add("zeros_in_front.mp3", bytes(20_000) + mp3)
    add("from_the_middle.mp3", mp3[3001:])
    tags = [id3(), id3(id3_frame(b"TIT2", b"\3one")), id3(id3_frame(b"TIT2", b"\3two"))]
    add("three_tags.mp3", b"".join(tags) + mp3)
    add("from_the_middle.ts", media("ts", *TONE)[100:])
    add("blu_ray.m2ts", media("ts", *TONE, "-mpegts_m2ts_mode", "1"))
    add("fragments.mp4", media("mp4", *FILM, "-movflags", "frag_keyframe+empty_moov"))
    add("index_behind.mov", media("mov", *FILM))
    add("rf64.wav", media("wav", *TONE, "-rf64", "always"))
    add("studio.flac", media("flac", *TONE, "-ar", "192000", "-sample_fmt", "s32"))
    add("cinema.wav", media("wav", *TONE, "-ac", "8"))
    add("telephone.wav", media("wav", *TONE, "-ar", "8000", "-c:a", "pcm_alaw"))
    picture = ["-f", "lavfi", "-i", "testsrc=s=64x64:d=2"]
    add("late.mp4", media("mp4", *picture, "-itsoffset", "1", *TONE))
    add("one_sample.wav", riff_wave(b"\x80"))
    add("through_a_pipe.wav", riff_wave(b"\x80" * 8000, data_bytes=0xFFFFFFFF))
    add("silence.opus", media("opus", "-f", "lavfi", "-i", "anullsrc=d=600"))

    # QuickTime of the nineties: the samples first, and no brand.
    samples = box(b"mdat", b"\x80" * 16_000)
    add("old_quicktime.mov", samples + movie(sound_track(sample_table(16_000, [8], 16_000))))
    head = file_type()
    table = sample_table(16_000, [len(head) + 8], 16_000)
    add("quicktime.mov", head + samples + movie(sound_track(table)))
