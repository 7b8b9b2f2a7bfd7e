# language: en
Feature: Create and run the Hyper-V scenario
  Guide chapter 3. The replication scenario that protects Garoon's virtual machine is created
  as the wizard asks for it, verified, run and synchronised, until the replica watches the master.

  @guide:3.S1-S3 @guide:3.S4 @guide:3.S5 @guide:3.S6
  Scenario: Say what is protected, and where
    Given the Control Service answers on the replica host
    And there is no replication scenario of this name yet
    When a new scenario is begun for the server type "Microsoft Hyper-V" and the product "HA"
    And the integrity test with Assured Recovery is chosen as a task on the replica
    And the master host and the replica host are given
    Then the engine is installed on both hosts and both are of the same version

  @guide:3.S7 @guide:3.S8-S9 @guide:3.S10 @guide:3.N10
  Scenario: Choose the virtual machine and its network
    Given a new scenario between the two hosts has been begun
    When the virtual machines on the master host are discovered
    Then all discovered virtual machines are selected
    And the virtual machine of Garoon is among them
    When only the virtual machine of Garoon is left selected
    And the scenario properties and the master and replica properties are left at their defaults
    Then the switchover properties show the right computer name of the virtual machine
    When each virtual network the virtual machine uses is mapped to the network of the same name on the replica host
    Then no virtual network is left without a mapping

  @guide:3.S11 @guide:3.S12 @guide:3.S13
  Scenario: Choose how switchover starts, verify, and finish
    Given the virtual machine and its network have been chosen
    When switchover is set to start "automatically" and reverse replication "manually"
    And the scenario is created without running it
    Then the verification of the scenario shows no errors and no warnings
    And the scenario is listed with the product "HA AR" between the two hosts
    And the scenario does not run yet

  @guide:3.S14 @guide:3.S15 @guide:3.S16 @guide:3.S17
  Scenario: Run the scenario
    Given the scenario has been created and does not run
    And the virtual machine runs on the master host
    And Garoon is in use at its original URL
    When the verification before the run is asked for
    Then it shows no errors and no warnings
    When the scenario is run with the "block" synchronisation
    Then synchronisation begins and the disk of the virtual machine is copied to the replica host
    And the state of the scenario is "running" within 60 minutes
    And the replica host watches the master host by Is Alive within 5 minutes
    And Garoon has stayed in use at its original URL
