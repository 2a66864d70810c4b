#!/usr/bin/env python3
"""Makes C++ of the page's files, so that they are part of the program.

    embed.py OUTPUT FILE...

See daemon/web/web.hpp for what a program finds of them.
"""
import gzip
import hashlib
import os
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def literal(content):
    """Octal, which ends after three digits whatever follows; a line for each 32 bytes."""
    lines = [content[at:at + 32] for at in range(0, len(content), 32)]
    return "\n".join('    "%s"' % "".join("\\%03o" % byte for byte in line) for line in lines)


def form(content):
    """The bytes as they cross the line, with their entity tag."""
    tag = hashlib.sha256(content).hexdigest()[:32]
    return '{"\\"%s\\"", {\n%s, %d}}' % (tag, literal(content), len(content))


def entry(path):
    with open(path, "rb") as file:
        content = file.read()
    name = os.path.basename(path)
    packed = gzip.compress(content, 9, mtime=0)
    return '{"%s", "%s", %s, %s},\n' % (
        name, TYPES[os.path.splitext(name)[1]], form(content), form(packed))


output, *paths = sys.argv[1:]
with open(output, "w", encoding="ascii") as file:
    file.write('#include "daemon/web/web.hpp"\n\nnamespace mp3conv::web {\n\n')
    file.write("namespace {\n\nconstexpr File all[] = {\n")
    file.writelines(entry(path) for path in paths)
    file.write("};\n\n} // namespace\n\n")
    file.write("std::span<const File> files() {\n    return all;\n}\n\n")
    file.write("} // namespace mp3conv::web\n")
