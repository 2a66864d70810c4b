"""A disk that can lose its power: ext4 in a file, which the kernel shuts down with nothing written that was not yet."""

import fcntl
import os
import struct
import subprocess
import time

# linux/ext4.h: EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH
IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2
SIZE = 1 << 30  # sparse; the daemon wants some free


def quietly(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)


class Disk:
    def __init__(self, image, folder):
        self.image, self.folder = image, folder
        folder.mkdir()
        with open(image, "wb") as file:
            file.truncate(SIZE)
        quietly("mkfs.ext4", "-q", image).check_returncode()

    def mount(self):
        """@return what is wrong, or nothing."""
        return quietly("mount", "-o", "loop", self.image, self.folder).stderr.strip()

    def lose_power(self):
        root = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(root, IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(root)

    def unmount(self):
        """Until the kernel has let go of it: processes that ended hold it a moment longer."""
        give_up = time.monotonic() + 20
        while self.is_held():
            if time.monotonic() > give_up:
                raise RuntimeError("the disk cannot be unmounted")
            time.sleep(0.05)

    def is_held(self):
        if os.path.ismount(self.folder):
            quietly("umount", self.folder)
        return os.path.ismount(self.folder) or bool(quietly("losetup", "-j", self.image).stdout)
