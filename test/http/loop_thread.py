"""A thread with an event loop: what belongs to it is touched nowhere else."""
import asyncio
import concurrent.futures
import functools
import threading

from running import SECONDS


class LoopThread:
    """Runs from the start until stop()."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda *_: None)  # connections that we broke ourselves
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def do(self, function):
        """What function() gives, run between two requests."""
        if threading.current_thread() is self._thread:
            return function()
        done = concurrent.futures.Future()

        def run():
            try:
                done.set_result(function())
            except BaseException as failure:  # it is the caller's
                done.set_exception(failure)
        self.loop.call_soon_threadsafe(run)
        return done.result(SECONDS)

    def wait_for(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(SECONDS)

    def stop(self):
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(SECONDS)


def between_requests(method):
    """For what a test calls: runs on the thread that everything belongs to."""
    @functools.wraps(method)
    def run(self, *arguments, **options):
        return self.thread.do(functools.partial(method, self, *arguments, **options))
    return run
