from lab.model.probing import Layer, Track
from reports.charts import recoveries
from tests.reports.journals import probed
from tests.reports.measured import write_measured


def test_outages_while_the_lab_was_put_back_are_no_recovery_of_the_drill(tmp_path):
    write_measured("measured-en", tmp_path)
    drill, found, site = probed(tmp_path)
    assert len(found.tracks[Track(Layer.WRITE)].outages) == 2
    assert (len(found.during), len(found.restoring)) == (1, 1)
    assert len(recoveries.of_drill(drill, found, site)) == 1
