# language: en
Feature: Switchover when the guest hangs
  Guide sections 1-3 and 4-2: to Hyper-V the virtual machine runs, but its operating system answers nobody.
  The watch over the guest OS notices, and the virtual machine is switched over.

  @guide:1-3.B1 @guide:4-2.B3
  Scenario: The guest hangs
    Given the replication scenario runs, starts switchover "automatically", and the replica host watches the master host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    And an entry has been made in Garoon on the master host
    When the guest OS on the master host hangs
    Then the heartbeat of the virtual machine is lost while it runs on the master host
    And the countdown to the switchover begins within 3 minutes
    And the switchover starts by itself 300 seconds after the beginning of the countdown, give or take 60
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    And the virtual machine is "off" on the master host

  @guide:4-2.B3
  Scenario: Go on working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then Garoon answers at the URL that was used before, unchanged
    And the entry made on the master host is there
    And a new entry can be made
