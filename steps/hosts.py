"""Steps about the hosts themselves: the Control Service and the engines."""

from __future__ import annotations

from collections.abc import Sequence

from drills.nouns.scenario import Scenario
from drills.nouns.wizard import Wizard
from drills.observation import Observation
from drills.vocabulary import given_, then_, when_
from drills.wording import NONE, several
from lab.model.replication import EngineVersion
from lab.model.subject import Subject
from lab.ports import ControlHost
from words import Told, sentence


@given_(en="the Control Service responds on the replica host", ja="レプリカ ホストでコントロール サービスが応答する")
def control_service_answers(
    scenario: Scenario, control_host: ControlHost, subject: Subject, observation: Observation
) -> None:
    """Where the site file has it; on another host than the guide's, that is told."""
    scenario.ask_for_all()
    if control_host.name != subject.replica:
        observation.note(sentence("steps.services.elsewhere", host=control_host.name))


@then_(
    en="the same version of the engine is installed on both hosts",
    ja="両方のホストにエンジンがインストールされ、同じバージョンである",
)
def engines_match(wizard: Wizard, subject: Subject, observation: Observation) -> None:
    engines = wizard.verify_engines(subject.master, subject.replica)
    versions = {engine.version for engine in engines}
    observation.expect(
        len(engines) == 2 and len(versions) == 1 and all(engine.version and engine.up_to_date for engine in engines),
        expected=sentence("steps.engines.match"),
        seen=_engines_text(engines),
    )


@when_(
    en="the engine is verified on the virtual machine, where none is installed",
    ja="エンジンがインストールされていない仮想マシンを指定してエンジンを検証する",
)
def verify_engine_of_guest(wizard: Wizard, subject: Subject) -> None:
    wizard.verify_engines(subject.guest)


@then_(
    en="the verification reports the host whose engine is missing",
    ja="エンジンがインストールされていないホストが検証結果に示される",
)
def engine_missing(wizard: Wizard, subject: Subject, observation: Observation) -> None:
    observation.expect(
        [(each.host, each.version, each.up_to_date) for each in wizard.engines] == [(subject.guest, "", False)],
        expected=sentence("steps.engines.missing", guest=subject.guest),
        seen=_engines_text(wizard.engines),
    )


def _engines_text(engines: Sequence[EngineVersion]) -> Told:
    return several(
        [
            sentence(
                "steps.engines.current" if each.up_to_date else "steps.engines.out_of_date",
                host=each.host,
                version=each.version or NONE,
            )
            for each in engines
        ]
    )
