# language: en
Feature: Reverse replication and switchback
  Guide chapter 5. After a switchover Garoon runs on the replica host. Changes are replicated back to the master host
  while users continue, then the virtual machine is switched back, until the initial state is reached again.

  @guide:4-1.S4
  Scenario: Work on the replica host
    Given the replication scenario runs from the master host to the replica host
    And the state of the virtual machine and of the scenario has been recorded
    And the availability of Garoon is measured at every layer from now on
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    And the entry "made on the replica host" is made in Garoon

  @guide:5-1.N2
  Scenario: Reverse replication needs the virtual machine on the replica host
    Given the virtual machine runs on the replica host
    When the virtual machine on the replica host is shut down
    And the verification before the run is requested
    Then the verification before the run reports an error about the virtual machine
    When the operator attempts to run the scenario
    Then the product refuses the run, and the scenario has not started
    When the virtual machine on the replica host is started

  @guide:5-1.S1 @guide:5-1.S2 @guide:5-1.S3 @guide:5-1.N3a @guide:5-1.N3b
  Scenario: Run the scenario again, in reverse
    Given the virtual machine runs on the replica host
    When the verification before the run is requested
    Then the verification before the run reports no errors and no warnings
    When the switched-over scenario is run again with "block" synchronisation
    Then the virtual machine is no longer listed in Hyper-V Manager on the master host
    When the entry "made during the reverse synchronisation" is made in Garoon while the synchronisation is in progress
    Then the differing blocks are copied to the master host and the synchronisation completes

  @guide:5-1.S4
  Scenario: Replicate in reverse while Garoon is in use
    Given the switched-over scenario has been run again
    Then the state of the scenario is "running" within 60 minutes
    And the master host monitors the replica host by Is Alive within 5 minutes
    And Garoon has remained available at its original URL
    When the entry "made during the reverse replication" is made in Garoon

  @guide:5-2.S5-S6 @guide:5-2.S7
  Scenario: Perform the switchback
    Given the replication scenario runs from the replica host to the master host
    When the switchover back to the master host is performed and confirmed
    Then the virtual machine on the replica host is shut down automatically within 10 minutes
    And the virtual machine is registered on the master host within 5 minutes

  @guide:5-2.S8
  Scenario: The switchback completes
    Given the switchback has been performed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is "running" on the master host
    And the virtual machine is registered and "off" on the replica host
    And the replication scenario has stopped automatically

  @guide:5-2.S9
  Scenario: Continue working on the master host
    Given the virtual machine runs on the master host
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then Garoon responds at the same URL as before
    And the entry "made on the replica host" is present
    And a new entry can be made

  @guide:5-1.N3a
  Scenario: Entries made during and after the reverse synchronisation are present
    Given the virtual machine runs on the master host
    Then the entry "made during the reverse synchronisation" is present
    And the entry "made during the reverse replication" is present

  @guide:5-2.B10
  Scenario: Replicate from the master host again
    Given the virtual machine runs on the master host
    And the scenario has been created
    When the scenario is run with "block" synchronisation
    Then the virtual machine is no longer listed in Hyper-V Manager on the replica host
    And the state of the scenario is "running" within 60 minutes
    And the replica host monitors the master host by Is Alive within 5 minutes
    And the virtual machine and the scenario are in the recorded state
