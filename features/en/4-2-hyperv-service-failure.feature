# language: en
Feature: Switchover when the Hyper-V service fails
  Guide sections 1-3 and 4-2: the management OS of the master host and the guest are well, but the Hyper-V service
  has stopped. That, too, counts as a fault, and the virtual machine is switched over.

  @guide:1-3.B1 @guide:4-2.B1
  Scenario: The Hyper-V service stops
    Given the replication scenario runs, starts switchover "automatically", and the replica host watches the master host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    And an entry has been made in Garoon on the master host
    When the Hyper-V service on the master host stops
    Then the countdown to the switchover begins within 3 minutes
    And the switchover starts by itself 300 seconds after the beginning of the countdown, give or take 60
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host

  @guide:1-3.B1
  Scenario: Go on working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then Garoon answers at the URL that was used before, unchanged
    And the entry made on the master host is there
    And a new entry can be made

  @guide:1-3.B1
  Scenario: The Hyper-V service is back
    Given the virtual machine runs on the replica host
    When the Hyper-V service on the master host is started again
    Then the virtual machine is "off" on the master host
