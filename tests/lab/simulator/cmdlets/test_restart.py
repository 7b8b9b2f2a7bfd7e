def test_restart_computer_returns_before_the_host_goes_down_and_a_second_one_is_told_so(hosts):
    assert hosts.text("Restart-Computer -Force") == []
    assert hosts.lab.world.hosts["MASTER"].powered
    ((error_id, message),) = hosts.run("Restart-Computer -Force").errors
    assert error_id.startswith("RestartcomputerFailed,")
    assert "A system shutdown is in progress." in message
    hosts.lab.wait(15)
    assert not hosts.lab.world.hosts["MASTER"].powered


def test_what_restart_computer_offers_beyond_is_refused_by_name(hosts):
    ((_, message),) = hosts.run("Restart-Computer -Wait").errors
    assert "-Wait" in message
    assert hosts.lab.world.hosts["MASTER"].stopping is None
