# language: en
Feature: Planned switchover

  @guide:4-1.S1 @guide:4-1.S3 @guide:4-1.S4 @guide:4-1.S5
  Scenario: Garoon moves to the replica host and stays at its URL
    Given the replication scenario runs from the master host to the replica host
    And Garoon is available at its original URL
    And an entry has been made in Garoon on the master host
    When the switchover is performed and confirmed
    Then the virtual machine on the master host is shut down automatically within 10 minutes
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then the entry made on the master host is present
    And a new entry can be made

  @guide:4-1.S2
  Scenario: The switchover is over
    Given the switchover has been performed
    Then the replication scenario has stopped automatically
