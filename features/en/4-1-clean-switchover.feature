# language: en
Feature: Switchover in good health
  Guide section 4-1, the clean switchover: ahead of a power cut or a change of hardware, the virtual machine
  of Garoon is moved to the replica host, and users go on at the same URL with everything they had entered.

  @guide:4-1.S1
  Scenario: Perform the switchover
    Given the replication scenario runs from the master host to the replica host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    And an entry has been made in Garoon on the master host
    When the switchover is performed and confirmed
    Then the switchover begins within 2 minutes

  @guide:4-1.S3
  Scenario: See the master host let go
    Given the switchover has been performed
    Then the virtual machine on the master host is shut down by itself within 10 minutes

  @guide:4-1.S4
  Scenario: See it through to its end
    Given the switchover has been performed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is "off" on the master host
    And the virtual machine is registered and "running" on the replica host

  @guide:4-1.S2
  Scenario: Nothing follows that was not confirmed
    Given the switchover has been performed
    Then the replication scenario has stopped by itself
    And 3 minutes later it has not been run in reverse

  @guide:4-1.S5
  Scenario: Go on working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then Garoon answers at the URL that was used before, unchanged
    And the entry made on the master host is there
    And a new entry can be made
