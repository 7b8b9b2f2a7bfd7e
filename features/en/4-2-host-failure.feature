# language: en
Feature: Switchover when the master host fails
  Guide section 4-2: the power of the master host fails. The replica host notices, counts down and switches over
  by itself; users go on at the same URL, and only what was on its way in the last moment may be missing.

  @guide:1-3.B1 @guide:4-2.B1
  Scenario: The master host falls silent
    Given the replication scenario runs, starts switchover "automatically", and the replica host watches the master host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    And an entry has been made in Garoon on the master host
    When 60 seconds pass
    And a further entry is made in Garoon
    And the power of the master host fails
    Then the master host does not answer any more
    And the countdown to the switchover begins within 3 minutes
    And the virtual machine does not run on the replica host

  @guide:4-2.B1
  Scenario: At 0 the switchover runs
    Given the countdown to the switchover has begun
    Then the switchover starts by itself 300 seconds after the beginning of the countdown, give or take 60
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host

  @guide:4-2.B1
  Scenario: Go on working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then Garoon answers at the URL that was used before, unchanged
    And the entry made on the master host is there
    And of all entries made before the incident, only those of its last 10 seconds may be missing
    And a new entry can be made

  @guide:4-2.B1
  Scenario: The power returns
    Given the virtual machine runs on the replica host
    When the power of the master host returns
    Then the master host answers again within 10 minutes
    And the virtual machine is "off" on the master host
    And the virtual machine is registered and "running" on the replica host
