"""Disks that fail: one that can lose its power, and one that can be full or read-only. They need root, and mounts."""

import fcntl
import os
import shutil
import struct
import subprocess
import sys
import time

# linux/ext4.h: EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH
IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2
SIZE = 1 << 30  # sparse; the daemon wants some free


def quietly(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def leave_mounts_to_ourselves():
    """Starts this program anew where its mounts vanish with it. @return what is wrong, or nothing."""
    if os.environ.pop("MP3CONV_OWN_MOUNTS", None):
        return ""
    if failed := quietly("unshare", "--mount", "true").stderr.strip():
        return failed
    os.environ["MP3CONV_OWN_MOUNTS"] = "1"
    os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])


class Shrinkable:
    """A tmpfs. Its limits are a promise, and take no memory."""

    SPACE, FILES = 4 << 30, 1 << 20

    def __init__(self, folder):
        self.folder = folder

    def mount(self):
        """@return what is wrong, or nothing."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        return quietly("mount", "-t", "tmpfs", "-o", f"size={self.SPACE},nr_inodes={self.FILES},mode=0700",
                       "tmpfs", self.folder).stderr.strip()

    def remount(self, options):
        return quietly("mount", "-o", f"remount,{options}", self.folder).returncode == 0

    def fill(self, rng):
        """Leaves no room, or next to none. @return whether that went: what grows meanwhile is in the way."""
        status = os.statvfs(self.folder)
        used = (status.f_blocks - status.f_bfree) * status.f_frsize
        return self.remount(f"size={used + rng.choice([0, 4, 32, 256]) * 1024}")

    def fill_with_files(self, rng):
        status = os.statvfs(self.folder)
        return self.remount(f"nr_inodes={status.f_files - status.f_ffree + rng.choice([0, 0, 1, 3])}")

    def make_room(self):
        assert self.remount(f"size={self.SPACE},nr_inodes={self.FILES}")

    def unmount(self):
        quietly("umount", "--lazy", self.folder)

    def keep(self):
        """A copy that stays when the mount goes."""
        shutil.copytree(self.folder, self.folder.with_suffix(".kept"))


class Disk:
    """ext4 in a file, which the kernel shuts down with nothing written that was not yet."""

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
