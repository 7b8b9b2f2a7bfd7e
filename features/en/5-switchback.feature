# language: en
Feature: Reverse replication and switchback
  Guide chapter 5. Garoon runs on the replica host after a switchover. What is entered there is replicated back to
  the master host while users go on, then the virtual machine returns, until everything is as it was in the beginning.

  @guide:4-1.S4
  Scenario: Work on the replica host
    Given the replication scenario runs from the master host to the replica host
    And the state of the virtual machine and of the scenario has been noted
    And from now on the availability of Garoon is measured, layer by layer
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    And the entry "made on the replica host" is made in Garoon

  @guide:5-1.N2
  Scenario: Without the virtual machine on the replica host nothing starts
    Given the virtual machine runs on the replica host
    When the virtual machine on the replica host is shut down
    And the verification before the run is asked for
    Then it shows an error about the virtual machine
    When somebody tries to run the scenario
    Then the product refuses it, and the scenario has not been started
    When the virtual machine on the replica host is started

  @guide:5-1.S1 @guide:5-1.S2 @guide:5-1.S3 @guide:5-1.N3a @guide:5-1.N3b
  Scenario: Run the scenario again, in reverse
    Given the virtual machine runs on the replica host
    When the verification before the run is asked for
    Then it shows no errors and no warnings
    When the switched-over scenario is run again with the "block" synchronisation
    Then the virtual machine has disappeared from Hyper-V Manager on the master host
    When the entry "made during the reverse synchronisation" is made in Garoon while the synchronisation is going on
    Then the blocks that differ are copied to the master host and the synchronisation ends

  @guide:5-1.S4
  Scenario: Replicate in reverse while Garoon is in use
    Given the switched-over scenario has been run again
    Then the state of the scenario is "running" within 60 minutes
    And the master host watches the replica host by Is Alive within 5 minutes
    And Garoon has stayed in use at its original URL
    When the entry "made during the reverse replication" is made in Garoon

  @guide:5-2.S5-S6 @guide:5-2.S7
  Scenario: Perform the switchback
    Given the replication scenario runs from the replica host to the master host
    When the switchover back to the master host is performed and confirmed
    Then the virtual machine on the replica host is shut down by itself within 10 minutes
    And the virtual machine is registered on the master host within 5 minutes

  @guide:5-2.S8
  Scenario: See the switchback through to its end
    Given the switchback has been performed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is "running" on the master host
    And the virtual machine is registered and "off" on the replica host
    And the replication scenario has stopped by itself

  @guide:5-2.S9
  Scenario: Go on working on the master host
    Given the virtual machine runs on the master host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then Garoon answers at the URL that was used before, unchanged
    And the entry "made on the replica host" is there
    And a new entry can be made

  @guide:5-1.N3a
  Scenario: What was entered during the reverse synchronisation, and after it, is there
    Given the virtual machine runs on the master host
    Then the entry "made during the reverse synchronisation" is there
    And the entry "made during the reverse replication" is there

  @guide:5-2.B10
  Scenario: Replicate forward again
    Given the virtual machine runs on the master host
    And the scenario has been created
    When the scenario is run with the "block" synchronisation
    Then the virtual machine has disappeared from Hyper-V Manager on the replica host
    And the state of the scenario is "running" within 60 minutes
    And the replica host watches the master host by Is Alive within 5 minutes
    And the virtual machine and the scenario are in the state that was noted
