"""The properties a scenario is created with (guide 3, steps 8 and 9). Names and values are the simulator's own."""

from __future__ import annotations

from lab.model.replication import ScenarioProperty

_DEFAULTS = (
    ("シナリオ", "同期の種類", "ブロック レベル同期"),
    ("シナリオ", "同じサイズおよび変更時刻のファイルを無視", "オフ"),
    ("マスタ", "スプールの最大サイズ", "無制限"),
    ("マスタ", "再起動後に実行", "オン"),
    ("レプリカ", "スプールの最大サイズ", "無制限"),
    ("レプリカ", "スケジュールされた一時停止", "オフ"),
)


def default_properties() -> tuple[ScenarioProperty, ...]:
    return tuple(ScenarioProperty(group, name, value, value) for group, name, value in _DEFAULTS)
