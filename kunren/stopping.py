"""What the operator is told at once when a run is asked to stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kunren.terminal import say_at_once
from steps.interruption import Stops
from steps.vocabulary import Language

Said = Literal["stopping", "restoring", "asked again", "ending"]
WORDS: Mapping[Language, Mapping[Said, str]] = {
    "en": {
        "stopping": "stopping; what the drill has begun is undone first. A second request cuts its waits short.",
        "restoring": "the lab is being restored, and the run stops after that. A second request cuts its waits short.",
        "asked again": "waits are cut short; acts of the restoration that have not begun are left, and told.",
        "ending": "the run is ending; its record is being written.",
    },
    "ja": {
        "stopping": "中止します。訓練で開始した操作を先に元に戻します。再度の中止要求で、その待機を打ち切ります。",
        "restoring": "環境を復元しています。復元後に中止します。再度の中止要求で、待機を打ち切ります。",
        "asked again": "待機を打ち切ります。開始していない復元操作は行わず、内容を表示します。",
        "ending": "訓練は終了処理中です。記録を書き込んでいます。",
    },
}


class Notice:
    """Says what a request to stop leads to, from the signal handler itself."""

    def __init__(self, stops: Stops, language: Language) -> None:
        self._stops = stops
        self._words = WORDS[language]
        self.ending = False
        """Whether all drills have ended."""

    def __call__(self) -> None:
        say_at_once(self._words[self._said])

    @property
    def _said(self) -> Said:
        if self.ending:
            return "ending"
        if self._stops.asked_again:
            return "asked again"
        return "restoring" if self._stops.restoring else "stopping"
