# language: en
Feature: Switchover when the Hyper-V service fails
  Guide sections 1-3 and 4-2: the management OS of the master host and the guest are healthy, but the Hyper-V service
  has stopped. This is detected as a failure, too, and the virtual machine is switched over.

  @guide:1-3.B1 @guide:4-2.B1
  Scenario: The Hyper-V service stops
    Given the replication scenario runs, starts switchover "automatically", and the replica host monitors the master host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    And an entry has been made in Garoon on the master host
    When the Hyper-V service on the master host stops
    Then the countdown to the switchover begins within 3 minutes
    And the switchover starts automatically 300 seconds (± 60) after the countdown began
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host

  @guide:1-3.B1
  Scenario: Continue working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then Garoon responds at the same URL as before
    And the entry made on the master host is present
    And a new entry can be made

  @guide:1-3.B1
  Scenario: The Hyper-V service starts again
    Given the virtual machine runs on the replica host
    When the Hyper-V service on the master host is started again
    Then the virtual machine is "off" on the master host
