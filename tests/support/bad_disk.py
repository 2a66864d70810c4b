#!/usr/bin/python3
"""A disk that fails when it is told to, for tests: what lies in one folder, seen through another.

    bad_disk.py FOLDER MOUNT_POINT

Prints a line once it is mounted. A line "break CALL..." on standard input makes these of read, write and fsync
end with EIO from then on, whatever process calls them; "mend" ends that. Each is answered with a line. The disk is
unmounted when its input ends.
"""
import errno
import os
import subprocess
import sys
import threading

from fusepy import FUSE, FuseOSError, Operations

broken = set()


class BadDisk(Operations):
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, call, path, *args):
        if call in broken:
            raise FuseOSError(errno.EIO)
        return super().__call__(call, self.folder + path, *args)

    def getattr(self, path, handle=None):
        status = os.lstat(path)
        return {name: getattr(status, name) for name in dir(status) if name.startswith("st_")}

    def statfs(self, path):
        status = os.statvfs(path)
        return {name: getattr(status, name) for name in dir(status) if name.startswith("f_")}

    def readdir(self, path, handle):
        return [".", "..", *os.listdir(path)]

    def rename(self, old, new):
        os.rename(old, self.folder + new)

    def create(self, path, mode, info=None):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def open(self, path, flags):
        return os.open(path, flags & ~os.O_DIRECT)

    def read(self, path, size, offset, handle):
        return os.pread(handle, size, offset)

    def write(self, path, data, offset, handle):
        return os.pwrite(handle, data, offset)

    def truncate(self, path, length, handle=None):
        os.truncate(path, length)

    def fsync(self, path, only_data, handle):
        os.fsync(handle)

    def release(self, path, handle):
        os.close(handle)

    def mkdir(self, path, mode):
        os.mkdir(path, mode)

    def unlink(self, path):
        os.unlink(path)

    def init(self, path):
        print("mounted", flush=True)

    flush = fsyncdir = None  # nothing is kept back


def obey(mount_point):
    for line in sys.stdin:
        command, *calls = line.split()
        broken.clear()
        broken.update(calls if command == "break" else [])
        print(command, flush=True)
    subprocess.run(["umount", "--lazy", mount_point], check=True)


def main():
    folder, mount_point = map(os.path.abspath, sys.argv[1:])
    threading.Thread(target=obey, args=(mount_point,), daemon=True).start()
    # What is kept by the kernel would be read from a broken disk too.
    FUSE(BadDisk(folder), mount_point, foreground=True, direct_io=True, nothreads=False)


main()
