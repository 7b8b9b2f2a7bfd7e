from drills.wording import entry_text
from lab.model.garoon import Marker

SOUGHT = Marker(429, "訓練 #2")


def test_an_entry_that_is_there_is_named():
    assert str(entry_text("訓練 #2", SOUGHT)) == "«訓練 #2»"


def test_one_that_is_not_there_is_said_to_be_missing_also_when_its_number_was_given_anew():
    assert str(entry_text(None, SOUGHT)) == "no such entry"
    assert str(entry_text("会議", SOUGHT)) == "no such entry; its number now belongs to «会議»"
    assert entry_text("会議", SOUGHT).in_("ja") == "その予定は存在せず、番号は「会議」のもの"
