#!/usr/bin/python3
"""A TCP line that breaks, for tests.

    bad_line.py HOST:PORT BYTES...

Listens on a free loopback port, prints it, and carries connections to HOST:PORT. The first one that
comes this far is cut (with a reset) once BYTES have gone up, the second after the second number, and
so on; `down:BYTES` counts what comes down instead; with `hold:BYTES` the line carries nothing more
up, but is not cut. After the last number the line is good. Prints "cut" or "held" for each, and
ends when its standard input does, with the number of bytes that came up.
"""
import asyncio
import socket
import struct
import sys


class Line:
    def __init__(self, target, cuts):
        self.host, self.port = target.rsplit(":", 1)
        self.cuts = [cut.rpartition(":") for cut in cuts]
        self.came_up = 0

    async def carry(self, down, up):
        try:
            server_down, server_up = await asyncio.open_connection(self.host, int(self.port))
        except OSError:  # the server is not there: nor is the line
            up.transport.abort()
            return
        ways = [asyncio.create_task(self.pump(down, server_up, False)),
                asyncio.create_task(self.pump(server_down, up, True))]
        done, rest = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        if any(task.result() for task in done):
            for writer in (up, server_up):
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            print("cut", flush=True)
        for task in rest:
            task.cancel()
        for writer in (up, server_up):
            writer.transport.abort() if any(t.result() for t in done) else writer.close()

    async def pump(self, reader, writer, is_down):
        """Returns whether the line was cut."""
        carried = 0
        try:
            while data := await reader.read(65536):
                carried += len(data)
                self.came_up += 0 if is_down else len(data)
                if self.is_due(carried, is_down):
                    if self.cuts.pop(0)[0] != "hold":
                        return True
                    print("held", flush=True)
                    await asyncio.Future()  # until the other way ends
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass  # somebody hung up
        return False

    def is_due(self, carried, is_down):
        if not self.cuts:
            return False
        kind, _, limit = self.cuts[0]
        return (kind == "down") == is_down and carried >= int(limit)


async def main():
    line = Line(sys.argv[1], sys.argv[2:])
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    end = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(end), sys.stdin)
    await end.read()
    print(line.came_up, flush=True)


asyncio.run(main())
