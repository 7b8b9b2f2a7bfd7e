# language: en
Feature: Planned switchover
  Guide section 4-1, the clean switchover: before a power outage or a change of hardware, the virtual machine of Garoon
  is moved to the replica host. Users continue at the same URL with all data they have entered.

  @guide:4-1.S1
  Scenario: Perform the switchover
    Given the replication scenario runs from the master host to the replica host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    And an entry has been made in Garoon on the master host
    When the switchover is performed and confirmed
    Then the switchover begins within 2 minutes

  @guide:4-1.S3
  Scenario: The master host shuts down the virtual machine
    Given the switchover has been performed
    Then the virtual machine on the master host is shut down automatically within 10 minutes

  @guide:4-1.S4
  Scenario: The switchover completes
    Given the switchover has been performed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is "off" on the master host
    And the virtual machine is registered and "running" on the replica host

  @guide:4-1.S2
  Scenario: Reverse replication does not start unrequested
    Given the switchover has been performed
    Then the replication scenario has stopped automatically
    And 3 minutes later reverse replication has not started

  @guide:4-1.S5
  Scenario: Continue working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then Garoon responds at the same URL as before
    And the entry made on the master host is present
    And no canary entry that Garoon has accepted is missing
    And a new entry can be made
