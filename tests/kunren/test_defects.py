"""Whatever breaks in Kunren itself, what a drill has begun is undone, and the last sentence says whether it is."""

import journal.writer
from journal.course import RestoreBegan, RestoreEnded
from journal.seen import Undertaken
from kunren.exits import Exit
from kunren.running.drill import Restored
from lab.model.undertakings import Change, ChangeStage
from tests.kunren.conftest import MOVES, drill_without_browser
from words import sentence

BEGUN = Undertaken(change=Change.SWITCH_OVER, subject="S", host="REPLICA", phase=ChangeStage.BEGUN)


def none_listens_to_the_restoration():
    read = journal.writer.entry_of

    def breaks(fields):
        if fields["what"] == RestoreBegan.what:
            raise ValueError("a defect of the test")
        return read(fields)

    journal.writer.entry_of = breaks


def test_a_defect_as_the_restoration_begins_does_not_keep_it_from_being_made(tmp_path):
    feature = tmp_path / "moves.feature"
    feature.write_text(MOVES, encoding="utf-8")
    folder = tmp_path / "record"
    done = drill_without_browser(folder, feature, before=[none_listens_to_the_restoration])
    assert done.code == Exit.INTERNAL
    assert "The lab is as it was before." in done.stderr
    assert "a defect of the test" in (folder / "internal-error.txt").read_text(encoding="utf-8")
    assert [entry["restored"] for entry in done.entries("restore.ended")] == [True]
    assert "Run-Scenario" in {entry["arguments"].get("Command") for entry in done.entries("call") if entry["changes"]}


def test_what_was_begun_is_never_called_untouched():
    for entries, code, said in (
        ((), Exit.INTERNAL, "No action was started on the lab."),
        ((BEGUN,), Exit.NOT_RESTORED, sentence("lab_state.unknown").in_("en")),
        ((BEGUN, RestoreBegan(mode="auto", acts=())), Exit.NOT_RESTORED, sentence("lab_state.unknown").in_("en")),
        ((BEGUN, RestoreEnded(restored=True)), Exit.INTERNAL, "The lab is as it was before."),
    ):
        restored = Restored()
        for entry in entries:
            restored(entry)
        assert restored.broken is code
        assert restored.told.in_("en").startswith(said)
