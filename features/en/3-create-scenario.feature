# language: en
Feature: Create and run the Hyper-V scenario
  Guide chapter 3. The replication scenario that protects the virtual machine of Garoon is created in the order of the
  wizard, verified, run and synchronised, until the replica host monitors the master host.

  @guide:3.S1-S3
  Scenario: Start creating a scenario
    Given the Control Service responds on the replica host
    When creation of a scenario is started for the server type "Microsoft Hyper-V" and the product "HA"
    And integrity testing with Assured Recovery is selected as a task on the replica
    Then no replication scenario of this name exists yet

  @guide:3.S6
  Scenario: Specify the hosts and verify their engines
    Given creation of a scenario has been started
    When the master host and the replica host are specified
    Then the same version of the engine is installed on both hosts

  @guide:3.N6
  Scenario: A missing engine is reported
    Given creation of a scenario has been started
    When the engine is verified on the virtual machine, where none is installed
    Then the verification reports the host whose engine is missing

  @guide:3.S7
  Scenario: Select the virtual machine
    Given creation of a scenario between the two hosts has been started
    When the virtual machines on the master host are discovered
    Then all discovered virtual machines are selected
    And the virtual machine of Garoon is among those discovered
    When the selection is reduced to the virtual machine of Garoon

  @guide:3.S10
  Scenario: Check the computer name
    Given the virtual machines on the master host have been discovered
    When the scenario properties and the master and replica properties are left at their defaults
    Then the switchover properties show the correct computer name of the virtual machine

  @guide:3.N10
  Scenario: Map the virtual networks
    Given the virtual machine of Garoon has been selected
    When each virtual network of the virtual machine is mapped to the network of the same name on the replica host
    Then every virtual network of the virtual machine is mapped

  @guide:3.S12
  Scenario: Set how switchover starts and verify the scenario
    Given the virtual machine and its networks have been selected
    When switchover is set to start "automatically" and reverse replication "manually"
    And the scenario is created without running it
    Then the verification of the scenario reports no errors and no warnings

  @guide:3.S13
  Scenario: Finish without running the scenario
    Given the scenario has been created
    Then the scenario is not running yet

  @guide:3.S4
  Scenario: Confirm the server type and the product
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
    Then the scenario is listed with switchover starting "automatically" and reverse replication starting "manually"

  @guide:3.S15
  Scenario: Verify before the run
    Given the scenario has been created and is not running
    And the virtual machine runs on the master host
    When the verification before the run is requested
    Then the verification before the run reports no errors and no warnings

  @guide:3.S14
  Scenario: Run the scenario
    Given the scenario has been created and is not running
    And Garoon is available at its original URL
    When the scenario is run with "block" synchronisation
    Then synchronisation begins within 2 minutes

  @guide:3.S16
  Scenario: Synchronise
    Given the scenario has been run
    Then the disk of the virtual machine is copied to the replica host by "block" synchronisation
    And Garoon has remained available at its original URL

  @guide:3.S17
  Scenario: Replication and monitoring start
    Given the scenario has been run
    Then the state of the scenario is "running" within 60 minutes
    And the replica host monitors the master host by Is Alive within 5 minutes
