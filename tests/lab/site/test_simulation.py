from datetime import UTC, datetime, timedelta

import pytest

from lab.errors import SiteError
from lab.site.simulation import SimulationSettings
from lab.site.toml_table import Table, read_table


class OfASite(Table):
    simulation: SimulationSettings


def read(values):
    return read_table(OfASite, "site.toml", {"simulation": values}).simulation


def test_an_empty_table_gives_the_defaults():
    assert read({}) == SimulationSettings()


def test_every_key_is_read():
    settings = read(
        {
            "seed": 7,
            "start": "2020-01-01T00:00:00+00:00",
            "lag_seconds": 1.5,
            "disk_gib": 2,
            "synchronization_mib_per_second": 64,
            "power_on_seconds": 1,
            "heartbeat_seconds": 3,
            "boot_seconds": 4,
            "shutdown_seconds": 5,
            "host_boot_seconds": 6,
            "is_alive_seconds": 7,
            "one_network": True,
            "master_engine": "",
            "replica_engine": "15.0.0",
            "mutations": ["last-second-lost", "switch-vanishes"],
            "garoon_port": 8080,
            "winrm_ports": {"REPLICA": 15985},
            "clock_skew_seconds": {"MASTER": 0.7, "REPLICA": -2},
        }
    )
    assert settings == SimulationSettings(
        seed=7,
        start=datetime(2020, 1, 1, tzinfo=UTC),
        lag=timedelta(seconds=1.5),
        disk_gib=2,
        synchronization_mib_per_second=64,
        power_on_time=timedelta(seconds=1),
        heartbeat_delay=timedelta(seconds=3),
        boot_time=timedelta(seconds=4),
        shutdown_time=timedelta(seconds=5),
        host_boot_time=timedelta(seconds=6),
        is_alive_delay=timedelta(seconds=7),
        one_network=True,
        master_engine="",
        replica_engine="15.0.0",
        mutations=("last-second-lost", "switch-vanishes"),
        garoon_port=8080,
        winrm_ports={"REPLICA": 15985},
        clock_skews={"MASTER": timedelta(seconds=0.7), "REPLICA": timedelta(seconds=-2)},
    )
    assert settings.synchronization_time == timedelta(seconds=32)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"lag_second": 2}, "simulation.lag_second is not known; write lag_seconds if that was meant"),
        ({"lag_seconds": "2"}, "simulation.lag_seconds is a text, not a number"),
        ({"lag_seconds": -1}, "simulation.lag_seconds is -1, which cannot be"),
        ({"seed": 1.5}, "simulation.seed is 1.5, not a whole number"),
        ({"one_network": 1}, "simulation.one_network is a number, not true or false"),
        ({"start": "2012-09-25T22:00:00"}, "not an instant with an offset"),
        ({"windows_build": "20348"}, 'simulation.windows_build is "20348", not a build of Windows Server'),
        ({"windows_build": "9600.1"}, 'write it like "20348.3091"'),
        ({"garoon_port": 65536}, "simulation.garoon_port is 65536; write a port number up to 65535"),
        (
            {"winrm_ports": {"MASTERS": 1}},
            'simulation.winrm_ports.MASTERS is not known; write one of "MASTER", "REPLICA"',
        ),
        ({"clock_skew_seconds": {"THIRD": 1}}, "simulation.clock_skew_seconds.THIRD is not known"),
        ({"clock_skew_seconds": {"MASTER": "1"}}, "simulation.clock_skew_seconds.MASTER is a text, not a number"),
        ({"clock_skew_seconds": {"MASTER": -1e12}}, "simulation.clock_skew_seconds.MASTER is -1000000000000.0, which"),
        ({"clock_skew_seconds": 1}, "simulation.clock_skew_seconds is a number, not a table"),
        ({"start": "yesterday"}, "not an instant with an offset"),
        ({"mutations": "last-second-lost"}, "simulation.mutations is not a list of texts"),
    ],
)
def test_a_mistake_is_one_sentence(values, sentence):
    with pytest.raises(SiteError) as refused:
        read(values)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
