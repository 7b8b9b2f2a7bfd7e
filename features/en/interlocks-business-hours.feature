# language: en
Feature: Operations that Kunren refuses during business hours
  The guide requires nights or holidays: a synchronisation slows the host, and a planned switchover interrupts Garoon.
  This drill waits for business hours twice; on a real site it takes that long.

  @guide:4-1.N0 @guide:3.N16a
  Scenario: No switchover and no synchronisation from the master host during business hours
    Given the replication scenario runs from the master host to the replica host
    And the last synchronisation of the scenario has been noted
    When the business hours of the site begin
    Then the state of the scenario is "running" within 2 minutes
    And the scenario has not been synchronised since
    When the operator attempts to perform the switchover
    Then Kunren refuses the action under guide point "4-1.N0", and no action has been sent to a host
    When the scenario is stopped
    And the operator attempts to run the scenario
    Then Kunren refuses the action under guide point "3.N16a", and no action has been sent to a host
    And Garoon has remained available at its original URL

  @guide:5-1.N3a
  Scenario: No reverse synchronisation from the replica host during business hours
    Given the scenario has been created
    When the business hours of the site end
    And the scenario is run with "block" synchronisation
    Then the state of the scenario is "running" within 60 minutes
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    When the business hours of the site begin
    And the operator attempts to run the scenario
    Then Kunren refuses the action under guide point "5-1.N3a", and no action has been sent to a host
    When the business hours of the site end
