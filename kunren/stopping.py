"""What the operator is told at once when a run is asked to stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from drills.interruption import Stops, UnderWay
from kunren.terminal import say_at_once
from words import Language, words_of

Said = Literal["stopping", "restoring", "act", "wait", "again", "left", "ending"]
WORDS: Mapping[Language, Mapping[Said, str]] = {
    "en": {
        "stopping": "stopping; the lab is restored first. A second request cuts the waits short.",
        "restoring": "the lab is being restored, and the run stops after that. A second request cuts the waits short.",
        "act": "under way: {act}.",
        "wait": "under way: {act}, waiting for {condition}, at most {left} more.",
        "again": "waits are cut short; restoration steps that have not started are skipped.",
        "left": "cut short: {act}; left: {then}.",
        "ending": "the run is ending; its record is being written.",
    },
    "ja": {
        "stopping": "中止します。訓練で開始した操作を先に元に戻します。再度の中止要求で、その待機を打ち切ります。",
        "restoring": "環境を復元しています。復元後に中止します。再度の中止要求で、待機を打ち切ります。",
        "act": "実行中の操作: {act}",
        "wait": "実行中の操作: {act}（「{condition}」を待機中、最長あと {left}）",
        "again": "待機を打ち切ります。開始していない復元操作は行いません。",
        "left": "打ち切った操作: {act}、行わない操作: {then}",
        "ending": "訓練は終了処理中です。記録を書き込んでいます。",
    },
}
NONE: Mapping[Language, str] = {"en": "nothing", "ja": "なし"}


class Notice:
    """Says what a request to stop leads to, from the signal handler itself.

    One of many drills at a time, `drill`, only adds what its restoration is doing.
    """

    def __init__(self, stops: Stops, language: Language, *, drill: str = "") -> None:
        self._stops = stops
        self._language = language
        self._terms = words_of(language)
        self._drill = drill
        self.ending = False
        """Whether all drills have ended."""

    def __call__(self) -> None:
        under_way = self._stops.under_way
        told = [] if self._drill else [self._words(self._said)]
        if under_way is not None:
            told.append(self._detail(under_way))
        if told:
            say_at_once(f"{self._drill}: {told[0]}" if self._drill else " ".join(told))

    @property
    def _said(self) -> Said:
        if self.ending:
            return "ending"
        if self._stops.asked_again:
            return "again"
        return "restoring" if self._stops.restoring else "stopping"

    def _detail(self, doing: UnderWay) -> str:
        act = self._terms.known("restore", doing.act)
        if self._stops.asked_again:
            then = [self._terms.known("restore", each) for each in doing.then]
            return self._words("left", act=act, then="; ".join(then) or NONE[self._language])
        left = self._terms.length(timedelta(seconds=doing.left_s))
        condition = doing.waits_for.in_(self._language) if doing.waits_for else ""
        return self._words("wait" if doing.waits_for else "act", act=act, condition=condition, left=left)

    def _words(self, said: Said, **values: str) -> str:
        return WORDS[self._language][said].format(**values)
