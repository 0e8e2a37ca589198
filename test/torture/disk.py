"""A disk of its own for a data folder, whose power can be cut.

An ext4 in a file, mounted by a loop device: the file has what the kernel has written to the disk,
because somebody asked it to (fsync) or for other reasons, and nothing of what it still has in mind.
A copy of that file, mounted in its place, is the disk as a power cut leaves it."""
import os
import shutil
import subprocess

MIB = 1024 * 1024
# Writes seldom by itself, and does not mend what a program forgets to ask for.
FORGETFUL = "loop,commit=300,data=writeback,noauto_da_alloc"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True)


class Disk:
    def __init__(self, folder, size_bytes=96 * MIB):
        self.folder, self.place, self.cuts = folder, folder / "mounted", 0
        self.place.mkdir(parents=True)
        self._image = folder / "disk0"
        with self._image.open("wb") as image:
            image.truncate(size_bytes)
        run("mkfs.ext4", "-q", "-F", self._image)
        self._mount()

    def _mount(self):
        run("mount", "-o", FORGETFUL, self._image, self.place)

    def cut_power(self):
        """Whoever wrote to it must be dead."""
        self.cuts += 1
        before, self._image = self._image, self.folder / f"disk{self.cuts}"
        run("cp", "--sparse=always", before, self._image)
        run("umount", self.place)
        before.unlink()
        self._mount()

    def end(self):
        if os.path.ismount(self.place):
            run("umount", self.place)
        shutil.rmtree(self.folder)


def can_be_had():
    """Only root may mount, and not everywhere."""
    return os.geteuid() == 0 and os.path.exists("/dev/loop-control") and shutil.which("mkfs.ext4")
