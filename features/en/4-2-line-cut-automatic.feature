# language: en
Feature: A lost line with automatic switchover: a split brain
  The other side of guide section 3, step 11: with automatic switchover a lost line alone makes the replica host
  start the virtual machine although it still runs on the master host. This is what manual switchover avoids.

  @guide:3.N11 @guide:4-2.B1
  Scenario: The line is lost, and the virtual machine runs twice
    Given the replication scenario runs, starts switchover "automatically", and the replica host watches the master host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    When the line between the two hosts is cut
    Then the countdown to the switchover begins within 3 minutes
    And the switchover starts by itself 300 seconds after the beginning of the countdown, give or take 60
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine runs on both hosts: a split brain

  @guide:3.N11
  Scenario: The line is back, and the operator has to choose
    Given the countdown to the switchover has begun
    When the line between the two hosts is mended
    Then the virtual machine runs on both hosts: a split brain
    When the virtual machine on the replica host is turned off
    Then the virtual machine is "running" on the master host
    And the virtual machine does not run on the replica host
    And Garoon has stayed in use at its original URL
