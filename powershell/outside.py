"""The refusal of what this engine does not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from powershell.syntax import Extent


class OutsideSubset(Exception):
    """The script asks for something this engine does not do. No catch of the script sees it."""

    def __init__(self, construct: str, extent: Extent | None = None) -> None:
        super().__init__(construct)
        self.construct = construct
        self.extent = extent
