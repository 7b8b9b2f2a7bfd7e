# language: en
Feature: Automatic switchover after a network link failure (split brain)
  The reverse of guide chapter 3, step 11: with automatic switchover, a failure of the network link alone makes the
  replica host start the virtual machine while it still runs on the master host. Manual switchover avoids this.

  @guide:3.N11 @guide:4-2.B1
  Scenario: The link fails and the virtual machine runs on both hosts
    Given the replication scenario runs, starts switchover "automatically", and the replica host monitors the master host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    When the network link between the two hosts is cut
    Then the countdown to the switchover begins within 3 minutes
    And the switchover starts automatically 300 seconds (± 60) after the countdown began
    And the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine runs on both hosts (split brain)

  @guide:3.N11
  Scenario: The link is repaired and the operator has to decide
    Given the countdown to the switchover has begun
    When the network link between the two hosts is repaired
    Then the virtual machine runs on both hosts (split brain)
    When the virtual machine on the replica host is turned off
    Then the virtual machine is "running" on the master host
    And the virtual machine does not run on the replica host
    And Garoon has remained available at its original URL
