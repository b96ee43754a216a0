"""A slow line: a TCP proxy that delays what passes, and lets only so much of it pass a second."""

import asyncio
import threading
import time


class SlowLine:
    """Passes connections on to a port of this machine. `delay` (seconds, one way) and `rate`
    (bytes a second) may be changed at any time. Use it as a context manager."""

    def __init__(self, target):
        self.target, self.delay, self.rate, self.port = target, 0.0, 1e12, None
        self._ready = threading.Event()

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connect, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(asyncio.sleep(0.1))  # transports close a moment later
        self._loop.close()

    async def _connect(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(
                self._pass_on(reader, far_writer), self._pass_on(far_reader, writer)
            )
        except OSError:  # one end is gone
            pass
        finally:
            writer.close()

    async def _pass_on(self, reader, writer):
        """Up to 64 kB are under way, as in the buffers of a real line; then the sender waits."""
        queue = asyncio.Queue(16)

        async def read():
            chunk = b"first"
            while chunk:
                chunk = await reader.read(4096)
                await queue.put((time.monotonic() + self.delay, chunk))

        reading, free = asyncio.create_task(read()), 0.0
        try:
            while True:
                due, chunk = await queue.get()
                free = max(due, free) + len(chunk) / self.rate
                await asyncio.sleep(max(0, free - time.monotonic()))
                if not chunk:
                    break
                writer.write(chunk)
                await writer.drain()
        finally:
            reading.cancel()
            writer.close()
