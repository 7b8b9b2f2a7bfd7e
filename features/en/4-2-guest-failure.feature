# language: en
Feature: Switchover when the guest fails
  Guide section 4-2: the management OS of the master host is healthy and only the guest has stopped. RHA first tries to
  start it on the master host and switches over only if that fails.

  @guide:4-2.B2
  Scenario: The guest starts again and the switchover is aborted
    Given the replication scenario runs, starts switchover "automatically", and the replica host monitors the master host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    And an entry has been made in Garoon on the master host
    When the virtual machine on the master host crashes
    Then the countdown to the switchover begins within 3 minutes
    And RHA tries to start the virtual machine on the master host within 3 minutes
    And the virtual machine runs on the master host again within 5 minutes
    And the switchover is aborted within 3 minutes
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then the entry made on the master host is present

  @guide:4-2.B3
  Scenario: The guest cannot start and is switched over
    Given the replication scenario runs, starts switchover "automatically", and the replica host monitors the master host
    When the virtual machine on the master host crashes and can no longer boot
    Then the countdown to the switchover begins within 3 minutes
    And RHA tries to start the virtual machine on the master host within 3 minutes
    And the switchover starts automatically 300 seconds (± 60) after the countdown began
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    And the virtual machine is "off" on the master host

  @guide:4-2.B3
  Scenario: Continue working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then Garoon responds at the same URL as before
    And the entry made on the master host is present
    And a new entry can be made
