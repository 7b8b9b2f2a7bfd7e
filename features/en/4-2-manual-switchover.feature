# language: en
Feature: Faults with manual switchover
  Guide section 4-2 with switchover set to manual: the countdown and the attempt to start the guest take place as well,
  and notifications are sent, but no switchover takes place until the operator has checked the master host and runs it.

  @guide:4-2.B5
  Scenario: Configure notification before the run
    Given a replication scenario that starts switchover "manually" has been created and is not running yet
    When fault notification by mail and by the event log of the management OS is configured
    And the scenario is run with "block" synchronisation
    Then the state of the scenario is "running" within 60 minutes
    And the replica host monitors the master host by Is Alive within 5 minutes

  @guide:4-2.B4
  Scenario: A stopped guest is restarted with manual switchover too
    Given the replication scenario runs, starts switchover "manually", and the replica host monitors the master host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    And an entry has been made in Garoon on the master host
    When the virtual machine on the master host crashes
    Then the countdown to the switchover begins within 3 minutes
    And RHA tries to start the virtual machine on the master host within 3 minutes
    And the virtual machine runs on the master host again within 5 minutes
    And the switchover is aborted within 3 minutes

  @guide:4-2.B4
  Scenario: The master host fails and no switchover takes place
    Given the replication scenario runs, starts switchover "manually", and the replica host monitors the master host
    When the master host loses power
    Then the countdown to the switchover begins within 3 minutes
    And the error EM00166 "マスタ ホストは応答していません。スイッチオーバーが必要です" appears within 10 minutes
    And no switchover takes place for 30 minutes

  @guide:4-2.B5
  Scenario: The fault has been notified
    Given fault notification by mail and by the event log of the management OS has been configured
    And the countdown to the switchover has begun
    Then a mail with the text "マスタ ホストは応答していません。スイッチオーバーが必要です" arrives within 5 minutes
    And the event log of the management OS on the replica host contains "マスタ ホストは応答していません。スイッチオーバーが必要です"

  @guide:4-2.B4
  Scenario: The operator performs the switchover
    Given the countdown to the switchover has begun
    When the operator checks the state of the master host, then performs and confirms the switchover
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then Garoon responds at the same URL as before
    And the entry made on the master host is present
