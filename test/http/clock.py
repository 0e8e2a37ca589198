"""The clock of a server under test, which can be set while it runs (src/base/clock.c, test builds only)."""
import datetime
import struct
import time


class Clock:
    def __init__(self, folder):
        self.file, self.ahead = folder / "clock", 0.0
        self.set(0)

    @property
    def environment(self):
        return {"OUTTRAY_CLOCK_AHEAD": str(self.file)}

    def set(self, seconds):
        """So many seconds ahead of this machine's; negative: behind."""
        self.ahead = seconds
        with open(self.file, "r+b" if self.file.exists() else "w+b") as file:
            file.write(struct.pack("=q", int(seconds * 1000)))

    def now(self, plus=0.0, zone=datetime.timezone.utc):
        """What it shows, as the API wants it: 2026-11-28T20:00:00+00:00."""
        shown = datetime.datetime.fromtimestamp(time.time() + self.ahead + plus, zone)
        return shown.isoformat(timespec="seconds")
