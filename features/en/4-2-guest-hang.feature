# language: en
Feature: Switchover when the guest hangs
  Guide sections 1-3 and 4-2: Hyper-V reports the virtual machine as running, but the guest OS does not respond.
  The monitoring of the guest OS detects this, and the virtual machine is switched over.

  @guide:1-3.B1 @guide:4-2.B3
  Scenario: The guest hangs
    Given the replication scenario runs, starts switchover "automatically", and the replica host monitors the master host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    And an entry has been made in Garoon on the master host
    When the guest OS on the master host hangs
    Then the heartbeat of the virtual machine is lost while it runs on the master host
    And the countdown to the switchover begins within 3 minutes
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
