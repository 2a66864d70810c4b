#!/usr/bin/python3
"""Runs a command on a terminal and tells what could be read there.

    screen.py COLUMNS COMMAND [ARGUMENT...]

Prints each picture that the screen showed, the last one last, each followed by a line with "---",
without the empty lines at its end. Ends as the command does.
"""

import fcntl
import os
import pty
import struct
import sys
import termios

import pyte

LINES = 24
ERASE = b"\x1b[J"  # the rest of the screen: what stood there was a picture


def picture(screen):
    return "\n".join(line.rstrip() for line in screen.display).rstrip("\n")


def main():
    columns, command = int(sys.argv[1]), sys.argv[2:]
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
        os.execvp(command[0], command)
    screen = pyte.Screen(columns, LINES)
    stream = pyte.ByteStream(screen)
    shown = None
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # what Linux says once nobody has the terminal open any more
            data = b""
        if not data:
            break
        for number, piece in enumerate(data.split(ERASE)):  # however many pictures came at once
            stream.feed(ERASE * (number > 0) + piece)
            if picture(screen) != shown:
                shown = picture(screen)
                print(shown, "---", sep="\n", flush=True)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main()
