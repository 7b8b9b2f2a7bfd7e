# language: en
Feature: What Kunren does not let happen in business hours
  The guide asks for nights and holidays: a synchronisation slows the host, a planned switchover stops Garoon for a
  while. This drill waits for business hours twice; on a real site it takes that long.

  @guide:4-1.N0 @guide:3.N16a
  Scenario: On the master host, no switchover and no synchronisation by day
    Given the replication scenario runs from the master host to the replica host
    When the business hours of the site have begun
    Then the state of the scenario is "running" within 2 minutes
    When somebody tries to perform the switchover
    Then Kunren refuses it by the guide's point "4-1.N0", and nothing has been commanded
    When the scenario is stopped
    And somebody tries to run the scenario
    Then Kunren refuses it by the guide's point "3.N16a", and nothing has been commanded
    And Garoon has stayed in use at its original URL

  @guide:5-1.N3a
  Scenario: On the replica host, no reverse synchronisation by day
    Given the scenario has been created
    When the business hours of the site are over
    And the scenario is run with the "block" synchronisation
    Then the state of the scenario is "running" within 60 minutes
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    When the business hours of the site have begun
    And somebody tries to run the scenario
    Then Kunren refuses it by the guide's point "5-1.N3a", and nothing has been commanded
    When the business hours of the site are over
