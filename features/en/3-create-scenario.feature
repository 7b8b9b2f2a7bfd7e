# language: en
Feature: Create and run the Hyper-V scenario
  Guide chapter 3. The replication scenario that protects Garoon's virtual machine is created
  as the wizard asks for it, verified, run and synchronised, until the replica watches the master.

  @guide:3.S1-S3
  Scenario: Begin a new scenario
    Given the Control Service answers on the replica host
    When a new scenario is begun for the server type "Microsoft Hyper-V" and the product "HA"
    And the integrity test with Assured Recovery is chosen as a task on the replica
    Then there is no replication scenario of this name yet

  @guide:3.S6
  Scenario: Give the hosts and verify their engines
    Given a new scenario has been begun
    When the master host and the replica host are given
    Then the engine is installed on both hosts and both are of the same version

  @guide:3.N6
  Scenario: An engine that is missing is noticed
    Given a new scenario has been begun
    When the engine is verified where none is installed, on the virtual machine itself
    Then it is said by name that the engine is missing there

  @guide:3.S7
  Scenario: Choose the virtual machine
    Given a new scenario between the two hosts has been begun
    When the virtual machines on the master host are discovered
    Then all discovered virtual machines are selected
    And the virtual machine of Garoon is among them
    When only the virtual machine of Garoon is left selected

  @guide:3.S10
  Scenario: Check the computer name
    Given the virtual machines on the master host have been discovered
    Then the switchover properties show the right computer name of the virtual machine

  @guide:3.N10
  Scenario: Map the virtual networks
    Given the virtual machine of Garoon has been chosen
    When each virtual network the virtual machine uses is mapped to the network of the same name on the replica host
    Then no virtual network is left without a mapping

  @guide:3.S12
  Scenario: Choose how switchover starts, and verify
    Given the virtual machine and its network have been chosen
    When switchover is set to start "automatically" and reverse replication "manually"
    And the scenario properties and the master and replica properties are left at their defaults
    And the scenario is created without running it
    Then the verification of the scenario shows no errors and no warnings

  @guide:3.S13
  Scenario: Finish without running the scenario
    Given the scenario has been created
    Then the scenario does not run yet

  @guide:3.S4
  Scenario: Confirm the type and the product
    Given the scenario has been created
    Then the scenario is listed for the server type "Microsoft Hyper-V" with the product "HA AR"

  @guide:3.S5
  Scenario: Confirm the hosts
    Given the scenario has been created
    Then the scenario is listed between the master host and the replica host

  @guide:3.S8-S9
  Scenario: Confirm the default properties
    Given the scenario has been created
    Then every property of the scenario, the master and the replica has its default value

  @guide:3.S11
  Scenario: Confirm how switchover starts
    Given the scenario has been created
    Then switchover is listed to start "automatically" and reverse replication "manually"

  @guide:3.S15
  Scenario: Verify before the run
    Given the scenario has been created and does not run
    And the virtual machine runs on the master host
    When the verification before the run is asked for
    Then it shows no errors and no warnings

  @guide:3.S14
  Scenario: Run the scenario
    Given the scenario has been created and does not run
    And Garoon is in use at its original URL
    When the scenario is run with the "block" synchronisation
    Then synchronisation begins within 2 minutes

  @guide:3.S16
  Scenario: Synchronise
    Given the scenario has been run
    Then the disk of the virtual machine is copied to the replica host by the "block" synchronisation
    And Garoon has stayed in use at its original URL

  @guide:3.S17
  Scenario: Replicate and watch
    Given the scenario has been run
    Then the state of the scenario is "running" within 60 minutes
    And the replica host watches the master host by Is Alive within 5 minutes
