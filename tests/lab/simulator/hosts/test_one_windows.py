"""One simulated host is one Windows, whichever of its ways of telling is asked."""

from __future__ import annotations

import pytest

from lab.simulator.hosts.host import WINDOWS_2016
from lab.simulator.mutations.installation import WINDOWS_2008
from powershell import PowerShell


@pytest.mark.parametrize("windows", [WINDOWS_2016, WINDOWS_2008])
def test_cmd_and_winrm_tell_the_version_that_cim_tells(windows):
    assert windows.banner == f"Microsoft Windows [Version {windows.version}]"
    assert windows.product_version.startswith(f"OS: {windows.version} SP: ")
    assert windows.version.endswith(f".{windows.build}")


def test_the_powershell_of_windows_server_2016_is_of_its_build():
    assert WINDOWS_2016.powershell.split(".")[:3] == ["5", "1", WINDOWS_2016.build]


def test_a_release_without_a_dialect_is_not_simulated():
    with pytest.raises(ValueError, match="no dialect for PowerShell 2"):
        PowerShell((), None, "HV1", version="2.0")
