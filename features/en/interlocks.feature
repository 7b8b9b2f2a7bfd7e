# language: en
Feature: What Kunren does not let happen
  The guide warns of what must not be done. Somebody tries it; Kunren declines, says by which point of the guide,
  and no host hears of it. What is allowed goes on as before.

  @guide:3.N5
  Scenario: A virtual machine is no host
    Given there is no replication scenario of this name yet
    When somebody tries to create a scenario with the "name" of the virtual machine as its master host
    Then Kunren refuses it by the guide's point "3.N5", and nothing has been commanded
    When somebody tries to create a scenario with the "computer name" of the virtual machine as its master host
    Then Kunren refuses it by the guide's point "3.N5", and nothing has been commanded
    When somebody tries to create a scenario with the "address" of the virtual machine as its master host
    Then Kunren refuses it by the guide's point "3.N5", and nothing has been commanded

  @guide:3.N12
  Scenario: A scenario is not run while its virtual machine is off
    Given the scenario has been created and does not run
    When the virtual machine on the master host is shut down
    Then the verification of the scenario only warns that the virtual machine is off
    When somebody tries to run the scenario
    Then Kunren refuses it by the guide's point "3.N12", and nothing has been commanded
    When the virtual machine on the master host is started

  @guide:4-1.N3
  Scenario: A scenario is not run before the switchover is over
    Given the replication scenario runs from the master host to the replica host
    When the switchover is performed and confirmed
    And somebody tries to run the scenario
    Then Kunren refuses it by the guide's point "4-1.N3", and nothing has been commanded
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes

  @guide:4-1.N1
  Scenario: Properties are not changed between switchover and switchback
    Given the virtual machine has been switched over and the switchover is complete
    When somebody tries to change the properties of the scenario
    Then Kunren refuses it by the guide's point "4-1.N1", and nothing has been commanded

  @guide:5-2.N7
  Scenario: A scenario is not run before the switchback is over
    Given the virtual machine has been switched over and the switchover is complete
    When the switched-over scenario is run again with the "block" synchronisation
    Then the state of the scenario is "running" within 60 minutes
    When the switchover back to the master host is performed and confirmed
    And somebody tries to run the scenario
    Then Kunren refuses it by the guide's point "5-2.N7", and nothing has been commanded
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes

  @guide:6-1.N0
  Scenario: A scenario without Assured Recovery cannot be tested
    Given the scenario of this drill has been created anew without Assured Recovery, and runs
    When somebody tries to start the replica integrity test
    Then Kunren refuses it by the guide's point "6-1.N0", and nothing has been commanded
    And the product column of the scenario shows "HA" alone
    And no virtual machine has started on the replica host
