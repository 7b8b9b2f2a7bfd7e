"""What `--list` says, what is performed and what the record says of it is one plan."""

import pytest

from tests.kunren.conftest import REPOSITORY, drill_without_browser
from tests.kunren.test_cli import kunren

FEATURES = REPOSITORY / "tests" / "drills" / "features"
TEXT = """# language: ja
機能: 計画どおりに実行される
  シナリオ: a-b
    ならば RHA のすべてのサービスが同じアカウントで実行されている

  シナリオ: a b
    ならば 両方のホストでエンジンのサービスが実行中である

  シナリオアウトライン: 予定 <回>
    もし ガルーンに予定「負荷 < 80 % の <回>」を登録する

    例:
      | 回 |
      | 1  |
      | 2  |

  シナリオ: 照合
    ならば 予定「負荷 < 80 % の 1」が反映されている
    かつ 予定「負荷 < 80 % の 2」が反映されている
"""


@pytest.mark.browser
def test_what_is_performed_is_what_was_planned_and_listed(tmp_path):
    feature = tmp_path / "a[1]::b.feature"
    feature.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    listed = kunren("drill", "--list", feature, cwd=tmp_path)
    names = [line.split("\t")[2] for line in listed.stdout.splitlines()]
    assert names == ["a-b", "a b", "予定 1", "予定 2", "照合"]
    run = drill_without_browser(tmp_path / "record", feature)
    assert run.code == 0, run.stdout + run.stderr
    (plan,) = run.entries("run.began")[0]["drills"]
    assert [chapter["name"] for chapter in plan["chapters"]] == names
    planned = [(c, s) for c, chapter in enumerate(plan["chapters"]) for s, _ in enumerate(chapter["steps"])]
    assert [(step["chapter"], step["step"]) for step in run.entries("step.ended")] == planned
    assert run.not_passed() == []
    assert "<回>" not in str(plan)


@pytest.mark.parametrize("name", ["full-width-colon-ja", "two-outlines-of-one-name-and-an-empty-one", "star"])
def test_a_feature_that_is_refused_is_refused_alike_by_the_list_and_the_run(tmp_path, name):
    feature = FEATURES / f"{name}.feature"
    listed = kunren("drill", "--list", feature, cwd=tmp_path)
    run = kunren("drill", feature, cwd=tmp_path)
    assert (listed.returncode, run.returncode) == (2, 2)
    assert listed.stderr == run.stderr
    assert all(f"{name}.feature, line " in line for line in run.stderr.splitlines())
    assert not (tmp_path / "records").exists()
