"""Steps about the hosts themselves: the Control Service and the engines."""

from __future__ import annotations

from collections.abc import Sequence

from lab.model.replication import EngineVersion
from lab.model.subject import Subject
from lab.ports import Replication, ScenarioWizard
from steps.observation import Observation
from steps.vocabulary import given_, then_
from steps.wording import Text


@given_(en="the Control Service answers on the replica host", ja="レプリカ ホストでコントロール サービスが応答する")
def control_service_answers(replication: Replication) -> None:
    replication.scenarios()


@then_(
    en="the engine is installed on both hosts and both are of the same version",
    ja="両方のホストにエンジンがインストールされ、同じバージョンである",
)
def engines_match(wizard: ScenarioWizard, subject: Subject, observation: Observation) -> None:
    engines = wizard.engines([subject.master, subject.replica])
    versions = {engine.version for engine in engines}
    observation.expect(
        len(engines) == 2 and len(versions) == 1 and all(engine.version and engine.up_to_date for engine in engines),
        expected=Text("an up-to-date engine of one version on both hosts", "両ホストに同じバージョンの最新のエンジン"),
        seen=_engines_text(engines),
    )


def _engines_text(engines: Sequence[EngineVersion]) -> Text:
    return Text(
        "; ".join(f"{e.host}: {e.version or 'none'}{'' if e.up_to_date else ' (out of date)'}" for e in engines),
        "、".join(f"{e.host}: {e.version or 'なし'}{'' if e.up_to_date else '（旧バージョン）'}" for e in engines),
    )
