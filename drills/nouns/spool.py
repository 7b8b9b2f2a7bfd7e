"""Changes of the drill's scenario on their way to the other host."""

from __future__ import annotations

from datetime import timedelta

from drills.nouns.observed import Observed
from drills.nouns.scenario import Scenario
from drills.wording import Text
from lab.model.limits import Within
from lab.model.replication import Traffic

EMPTY = Text("an empty spool", "スプールが空であること")


class Spool(Observed[Traffic | None]):
    """What the statistics say of blocks that wait, and of those that have been replicated."""

    asked = True

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario.context)
        self._scenario = scenario
        self._replicated_before = 0

    def now(self) -> Traffic | None:
        return self._scenario.traffic()

    def told(self, seen: Traffic | None) -> Text:
        if seen is None:
            return Text("no statistics", "統計情報なし")
        return Text(
            f"{seen.replicated} blocks replicated, {seen.in_spool} in the spool",
            f"反映済み {seen.replicated} ブロック、スプール {seen.in_spool} ブロック",
        )

    def await_empty(self, within: Within) -> None:
        """From here on, what is replicated counts."""
        traffic = self.until(lambda traffic: traffic is not None and traffic.in_spool == 0, EMPTY, within)
        self._replicated_before = traffic.replicated if traffic is not None else 0

    def await_changes(self, within: Within) -> None:
        expected = Text("changes in the spool", "スプールに変更があること")
        self.until(lambda traffic: traffic is not None and traffic.in_spool > 0, expected, within)

    def await_replicated(self, within: Within) -> None:
        """Blocks have been replicated since the spool was empty, and none waits."""
        before = self._replicated_before
        self.until(
            lambda traffic: traffic is not None and traffic.replicated > before and traffic.in_spool == 0,
            Text(
                f"more than {before} blocks replicated, an empty spool",
                f"{before} を超えるブロックの反映、空のスプール",
            ),
            within,
            timedelta(seconds=1),
        )
