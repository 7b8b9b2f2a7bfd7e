# language: en
Feature: Manual switchover and a network link failure
  Guide chapter 3, step 11: across a WAN, manual switchover is recommended, so that a link failure does not cause an
  unnecessary switchover. The link is cut and repaired; users are not affected, and replication continues.

  @guide:3.N11
  Scenario: The link fails and no switchover takes place
    Given the replication scenario runs, starts switchover "manually", and the replica host monitors the master host
    And Garoon is available at its original URL
    When the network link between the two hosts is cut
    Then the countdown to the switchover begins within 3 minutes
    And the error EM00166 "マスタ ホストは応答していません。スイッチオーバーが必要です" appears within 10 minutes
    And no switchover takes place for 30 minutes
    And Garoon has remained available at its original URL

  @guide:3.N11
  Scenario: The link is repaired and no action is needed
    Given the countdown to the switchover has begun
    And an entry has been made in Garoon on the master host
    When the network link between the two hosts is repaired
    Then the switchover is aborted within 3 minutes
    And the state of the scenario is "running" within 5 minutes
    And the replica host monitors the master host by Is Alive within 5 minutes

  @guide:3.N11
  Scenario: Changes made while the link was cut reach the replica host
    Given the replication scenario runs, starts switchover "manually", and the replica host monitors the master host
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then the entry made on the master host is present
