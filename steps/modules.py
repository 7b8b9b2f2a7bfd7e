"""The modules of steps with their subjects, and the vocabulary they make together."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from drills.vocabulary import Vocabulary
from drills.wording import Text
from steps import (
    assured_recovery,
    entries,
    faults,
    garoon,
    hosts,
    interlocks,
    machines,
    maintenance,
    measuring,
    moved,
    notification,
    prerequisites,
    rebooting,
    replication,
    reverse,
    watching,
    wizard,
)

SUBJECTS: Mapping[ModuleType, Text] = {
    prerequisites: Text("Prerequisites (guide 2)", "前提条件（ガイド 2）"),
    hosts: Text("Control Service and engines", "コントロール サービスとエンジン"),
    wizard: Text("Creating a scenario (guide 3)", "シナリオの作成（ガイド 3）"),
    replication: Text(
        "Running a scenario and switching over (guide 3, 4-1)", "シナリオの実行と切り替え（ガイド 3、4-1）"
    ),
    moved: Text("State after a switchover or switchback", "スイッチオーバー後・スイッチバック後の状態"),
    machines: Text("Virtual machines", "仮想マシン"),
    garoon: Text("Garoon as users see it", "利用者から見たガルーン"),
    entries: Text("Entries replicated during a drill", "訓練中に登録する予定とその複製"),
    reverse: Text(
        "Reverse replication and switchback (guide 5)", "リバース レプリケーションとスイッチバック（ガイド 5）"
    ),
    interlocks: Text("Operations that Kunren or RHA refuses", "Kunren または製品が拒否する操作"),
    faults: Text("Fault injection", "障害の発生"),
    watching: Text(
        "Detection of faults and automatic switchover (guide 4-2)", "障害の検知と自動切り替え（ガイド 4-2）"
    ),
    notification: Text("Fault notification", "障害の通知"),
    maintenance: Text("Host maintenance (guide 6-2)", "ホスト メンテナンス（ガイド 6-2）"),
    rebooting: Text("Rebooting a host (guide 6-2)", "ホストの再起動（ガイド 6-2）"),
    assured_recovery: Text("Replica integrity test (guide 6-1)", "レプリカ整合性テスト（ガイド 6-1）"),
    measuring: Text("Measuring availability", "可用性の計測"),
}
"""What the steps of each module are for."""


def vocabulary() -> Vocabulary:
    return Vocabulary.of(*SUBJECTS)
