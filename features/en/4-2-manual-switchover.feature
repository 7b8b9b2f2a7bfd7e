# language: en
Feature: Failure with manual switchover
  Guide section 4-2 with switchover set to manual: the countdown and the attempt to start the guest happen all the
  same, people are told, and nothing moves until the operator has judged the state of the master and switches over.

  @guide:4-2.B5
  Scenario: Set the notification before the run
    Given a replication scenario that starts switchover "manually" has been created and does not run yet
    When notification of faults by mail and in the event log of the management OS is set
    And the scenario is run with the "block" synchronisation
    Then the state of the scenario is "running" within 60 minutes
    And the replica host watches the master host by Is Alive within 5 minutes

  @guide:4-2.B4
  Scenario: A dead guest is started again, also with manual switchover
    Given the replication scenario runs, starts switchover "manually", and the replica host watches the master host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    And an entry has been made in Garoon on the master host
    When the virtual machine on the master host crashes
    Then the countdown to the switchover begins within 3 minutes
    And RHA tries to start the virtual machine on the master host within 3 minutes
    And the virtual machine runs on the master host again within 5 minutes
    And the switchover is called off within 3 minutes

  @guide:4-2.B4
  Scenario: The master host fails, and nothing moves
    Given the replication scenario runs, starts switchover "manually", and the replica host watches the master host
    When the power of the master host fails
    Then the countdown to the switchover begins within 3 minutes
    And the error EM00166 "マスタ ホストは応答していません。スイッチオーバーが必要です" appears within 10 minutes
    And nothing is switched over for 30 minutes

  @guide:4-2.B5
  Scenario: People have been told
    Given notification of faults by mail and in the event log of the management OS has been set
    And the countdown to the switchover has begun
    Then a mail that says "マスタ ホストは応答していません。スイッチオーバーが必要です" arrives within 5 minutes
    And the event log of the management OS of the replica host says "マスタ ホストは応答していません。スイッチオーバーが必要です"

  @guide:4-2.B4
  Scenario: The operator performs the switchover
    Given the countdown to the switchover has begun
    When the operator, having judged the state of the master host, performs the switchover and confirms it
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then Garoon answers at the URL that was used before, unchanged
    And the entry made on the master host is there
