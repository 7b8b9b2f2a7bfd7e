# language: en
Feature: Operations that Kunren refuses
  The guide prohibits certain operations. The operator attempts them; Kunren refuses, names the point of the guide, and
  sends nothing to a host. Permitted operations continue as before.

  @guide:3.N5
  Scenario: A virtual machine is refused as a host
    Given no replication scenario of this name exists yet
    When the operator attempts to create a scenario with the "name" of the virtual machine as its master host
    Then Kunren refuses the action under guide point "3.N5", and no action has been sent to a host
    When the operator attempts to create a scenario with the "computer name" of the virtual machine as its master host
    Then Kunren refuses the action under guide point "3.N5", and no action has been sent to a host
    When the operator attempts to create a scenario with the "address" of the virtual machine as its master host
    Then Kunren refuses the action under guide point "3.N5", and no action has been sent to a host

  @guide:3.N12
  Scenario: A scenario is not run while its virtual machine is off
    Given the scenario has been created and is not running
    When the virtual machine on the master host is shut down
    Then the verification of the scenario reports only the warning that the virtual machine is off
    When the operator attempts to run the scenario
    Then Kunren refuses the action under guide point "3.N12", and no action has been sent to a host
    When the virtual machine on the master host is started

  @guide:4-1.N3
  Scenario: A scenario is not run before the switchover completes
    Given the replication scenario runs from the master host to the replica host
    When the switchover is performed and confirmed
    And the operator attempts to run the scenario
    Then Kunren refuses the action under guide point "4-1.N3", and no action has been sent to a host
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host

  @guide:4-1.N1
  Scenario: Properties are not changed between switchover and switchback
    Given the virtual machine has been switched over and the switchover is complete
    When the operator attempts to change the properties of the scenario
    Then Kunren refuses the action under guide point "4-1.N1", and no action has been sent to a host

  @guide:5-2.N7
  Scenario: A scenario is not run before the switchback completes
    Given the virtual machine has been switched over and the switchover is complete
    When the switched-over scenario is run again with "block" synchronisation
    Then the state of the scenario is "running" within 60 minutes
    When the switchover back to the master host is performed and confirmed
    And the operator attempts to run the scenario
    Then Kunren refuses the action under guide point "5-2.N7", and no action has been sent to a host
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is "running" on the master host

  @guide:6-1.N0
  Scenario: A scenario without Assured Recovery cannot be tested
    Given the scenario of this drill has been recreated without Assured Recovery and is running
    When the operator attempts to start the replica integrity test
    Then Kunren refuses the action under guide point "6-1.N0", and no action has been sent to a host
    And the product column of the scenario shows only "HA"
    And no virtual machine has started on the replica host
