# language: en
Feature: Switchover when the master host fails
  Guide section 4-2: the master host loses power. The replica host detects the failure, counts down and switches over
  automatically. Users continue at the same URL, and data loss is limited to the last changes.

  @guide:1-3.B1 @guide:4-2.B1
  Scenario: The master host stops responding
    Given the replication scenario runs, starts switchover "automatically", and the replica host monitors the master host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    And an entry has been made in Garoon on the master host
    When 60 seconds pass
    And another entry is made in Garoon
    And the master host loses power
    Then the master host no longer responds
    And the countdown to the switchover begins within 3 minutes
    And the virtual machine does not run on the replica host

  @guide:4-2.B1
  Scenario: The countdown reaches 0 and the switchover runs
    Given the countdown to the switchover has begun
    Then the switchover starts automatically 300 seconds (± 60) after the countdown began
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host

  @guide:4-2.B1
  Scenario: Continue working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then Garoon responds at the same URL as before
    And the entry made on the master host is present
    And data loss is limited to entries made in the last 10 seconds before the fault
    And a new entry can be made

  @guide:4-2.B1
  Scenario: The power returns
    Given the virtual machine runs on the replica host
    When the master host regains power
    Then the master host responds again within 10 minutes
    And the virtual machine is "off" on the master host
    And the virtual machine is registered and "running" on the replica host
