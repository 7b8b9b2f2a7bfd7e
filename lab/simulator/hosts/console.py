"""The console of a simulated process: its three streams and their code pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NoReturn

from lab.simulator.hosts.exchange import Alarm, Exchange, ProcessTerminated
from powershell import Clock

__all__ = ["UTF_8", "Console", "ProcessTerminated", "is_code_page"]

UTF_8: Final = 65001
_PIECE: Final = 4096
"""Bytes a pipe passes on at once: long output is cut there, also within a character."""
_OEM_AND_ANSI: Final = (
    *(437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 874, 932, 949, 950),
    *(1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258),
)
_CODECS: Final[Mapping[int, str]] = MappingProxyType(
    {number: f"cp{number}" for number in _OEM_AND_ANSI} | {936: "gbk", 20127: "ascii", 28591: "latin-1", UTF_8: "utf-8"}
)


def is_code_page(number: int) -> bool:
    return number in _CODECS


class Console:
    """The console of a process; a shell feeds it and receives from it through `feed` and `exchange`."""

    def __init__(
        self,
        clock: Clock,
        *,
        code_page: int = UTF_8,
        environment: Mapping[str, str] = MappingProxyType({}),
        alarm: Alarm | None = None,
    ) -> None:
        self.exchange = Exchange(clock, alarm)
        self.environment = environment
        """Variables the client set for the shell."""
        self.input_code_page = code_page
        self.output_code_page = code_page
        """Assignable, as [Console]::InputEncoding and OutputEncoding are; see `is_code_page`."""
        self._input = bytearray()
        self._input_ended = False

    def read_line(self) -> str | None:
        """The next line of stdin without its end; blocks; None at the end of input."""
        self.exchange.wait_for_input(lambda: self._input_ended or b"\n" in self._input)
        with self.exchange.changed:
            line, newline, rest = bytes(self._input).partition(b"\n")
            if not line and not newline:
                return None
            self._input[:] = rest
        return line.removesuffix(b"\r").decode(_CODECS[self.input_code_page], errors="replace")

    def write(self, text: str) -> None:
        """Characters the code page lacks come out as question marks, as on a host."""
        self._put("stdout", text)

    def write_error(self, text: str) -> None:
        self._put("stderr", text)

    def checkpoint(self) -> None:
        """Raises ProcessTerminated when the client has ended the process."""
        self.exchange.checkpoint()

    def hang(self) -> NoReturn:
        """A command that never answers; ends by ProcessTerminated only."""
        self.exchange.hang()

    def feed(self, data: bytes, *, end: bool) -> None:
        """More of stdin, from the client."""
        with self.exchange.changed:
            self._input += data
            self._input_ended = self._input_ended or end
            self.exchange.changed.notify_all()

    def _put(self, stream: str, text: str) -> None:
        data = text.encode(_CODECS[self.output_code_page], errors="replace")
        for start in range(0, len(data), _PIECE):
            self.exchange.put(stream, data[start : start + _PIECE])
