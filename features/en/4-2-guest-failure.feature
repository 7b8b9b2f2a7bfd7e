# language: en
Feature: Switchover when the guest fails
  Guide section 4-2: the management OS of the master host is well and only the guest is dead. RHA first tries to
  start it where it was; only when that fails is the virtual machine switched over.

  @guide:4-2.B2
  Scenario: It can be started again: the switchover is called off
    Given the replication scenario runs, starts switchover "automatically", and the replica host watches the master host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    And an entry has been made in Garoon on the master host
    When the virtual machine on the master host crashes
    Then the countdown to the switchover begins within 3 minutes
    And RHA tries to start the virtual machine on the master host within 3 minutes
    And the virtual machine runs on the master host again within 5 minutes
    And the switchover is called off within 3 minutes
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then the entry made on the master host is there

  @guide:4-2.B3
  Scenario: It cannot be started: it is switched over
    Given the replication scenario runs, starts switchover "automatically", and the replica host watches the master host
    When the virtual machine on the master host crashes and does not boot any more
    Then the countdown to the switchover begins within 3 minutes
    And RHA tries to start the virtual machine on the master host within 3 minutes
    And the switchover starts by itself 300 seconds after the beginning of the countdown, give or take 60
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    And the virtual machine is "off" on the master host

  @guide:4-2.B3
  Scenario: Go on working in Garoon
    Given the virtual machine runs on the replica host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then Garoon answers at the URL that was used before, unchanged
    And the entry made on the master host is there
    And a new entry can be made
