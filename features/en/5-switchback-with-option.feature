# language: en
Feature: Switchover and switchback with automatic reverse replication
  Guide sections 4-1 and 5-2, the option of the confirmation dialog: the scenario runs in reverse before the virtual
  machine boots, so no synchronisation is needed. The drill also shows that entries are replicated at any time.

  @guide:3.N16b
  Scenario: Continue working during the synchronisation
    Given the scenario has been created and is not running
    And Garoon is available at its original URL
    When the scenario is run with "block" synchronisation
    And the entry "made during the synchronisation" is made in Garoon while the synchronisation is in progress
    Then the state of the scenario is "running" within 60 minutes

  @guide:1-3.B2
  Scenario: Entries are replicated immediately
    Given no change of the virtual machine is pending in the spool
    When the entry "made during the replication" is made in Garoon
    Then the entry "made during the replication" reaches the replica host within 10 seconds

  @guide:4-1.N2
  Scenario: Switch over with the option
    Given the replication scenario runs from the master host to the replica host
    When the switchover is performed with the option to run the reverse replication scenario afterwards
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    And the virtual machine is no longer listed in Hyper-V Manager on the master host
    And the state of the scenario is "running" within 5 minutes
    And the master host monitors the replica host by Is Alive within 5 minutes
    And reverse replication from the replica host began before the virtual machine booted there
    And its synchronisation has been skipped: no blocks were compared or copied

  @guide:3.N16b
  Scenario: Entries made during the synchronisation are present
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then the entry "made during the synchronisation" is present
    And the entry "made during the replication" is present
    When the entry "made on the replica host" is made in Garoon

  @guide:5-2.S5-S6
  Scenario: Switch back with the option
    Given the replication scenario runs from the replica host to the master host
    When the switchover is performed with the option to run the reverse replication scenario afterwards
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is "running" on the master host
    And the state of the scenario is "running" within 5 minutes
    And the replica host monitors the master host by Is Alive within 5 minutes
    And replication from the master host began before the virtual machine booted there
    And its synchronisation has been skipped: no blocks were compared or copied
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then the entry "made on the replica host" is present
