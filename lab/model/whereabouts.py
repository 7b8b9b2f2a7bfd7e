"""The host that a guest was last seen to run on, and who moved it there."""

from __future__ import annotations


class Whereabouts:
    """A move is the drill's where the drill has commanded one since the guest was last seen to move.

    Whatever else moved the guest, the product by itself or another operator, is theirs, and no restoration undoes it.
    """

    def __init__(self, home: str) -> None:
        self.home = home
        """The host the guest ran on before the drill."""
        self._host = home
        self._commands = 0
        self._ours = False

    @property
    def moved_by_drill(self) -> bool:
        """The guest was last seen away from its home, and the drill has brought it there."""
        return self._ours and self._host != self.home

    @property
    def moved_by_others(self) -> bool:
        return not self._ours and self._host != self.home

    def commanded(self) -> None:
        """The drill is about to command a move."""
        self._commands += 1

    def declined(self) -> None:
        """The last command was refused: it moves nothing, and has moved nothing."""
        if self._commands:
            self._commands -= 1
        else:
            self._ours = False

    def seen(self, host: str) -> None:
        """The guest runs on this host and no other, and no switchover is under way."""
        if host == self._host:
            return
        self._host = host
        self._ours = self._commands > 0
        self._commands = 0
