"""A server whose answers a test writes byte by byte."""

import asyncio


class RawServer:
    """A server that answers every request with the same bytes, and stores the headers of the requests."""

    def __init__(self) -> None:
        self.answer = b""
        self.requests: list[dict[str, str]] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close the connection."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        self.requests.append(dict(line.split(": ", 1) for line in lines))
        writer.write(self.answer)
        writer.close()

    def answer_with(self, status: int, body: bytes, *headers: str) -> None:
        """Answer from now on with a status, a body and these header lines."""
        self.answer = "\r\n".join([f"HTTP/1.1 {status} -", *headers, "", ""]).encode() + body
