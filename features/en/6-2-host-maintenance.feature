# language: en
Feature: Restart a host with host maintenance
  Guide section 6-2. A host has to be rebooted, for a patch or by its operator's plan. Host maintenance makes its
  replication scenarios ready, so that replication goes on after the reboot without a synchronisation.

  @guide:6-2.S1-S4
  Scenario: Host maintenance waits for the synchronisation
    Given the scenario has been created and does not run
    When the scenario is run with the "block" synchronisation
    And somebody tries to start host maintenance for the master host
    Then Kunren refuses it by the guide's point "6-2.S1-S4", and nothing has been commanded
    And no scenario is being prepared for a reboot

  @guide:6-2.S1-S4 @guide:6-2.N6
  Scenario: Start host maintenance for the master host
    Given the replication scenario runs from the master host to the replica host
    And Garoon is in use at its original URL
    And from now on the availability of Garoon is measured, layer by layer
    Then Garoon's scenario is listed among those to be prepared on the master host
    Given an entry has been made in Garoon on the master host
    When host maintenance is started for the master host and confirmed
    Then RHA PowerShell's own command has confirmed the preparation
    And the event "再起動の準備をしています" appears for every scenario prepared within 2 minutes

  @guide:6-2.B1 @guide:6-2.S5
  Scenario: The virtual machine is shut down and everything is sent
    Given host maintenance of the master host has been started
    Then the virtual machine on the master host is shut down by itself within 10 minutes
    And the event "再起動の準備ができました。" appears for every scenario prepared within 15 minutes
    And no change is left in the spool

  @guide:6-2.N2 @guide:6-2.N5
  Scenario: Nothing happens until the operator acts
    Given the master host is ready for its reboot
    When 15 minutes pass in which nobody does anything
    Then the master host has not been rebooted
    And no switchover has been performed

  @guide:6-2.S5 @guide:6-2.S6
  Scenario: Reboot the master host
    Given the master host is ready for its reboot
    When the operator reboots the management OS of the master host
    Then the master host has been rebooted and answers again within 30 minutes
    And the event "ホストメンテナンスプロセスが完了しました。レプリケーションは再同期なしに再開されました。" appears for every scenario prepared within 15 minutes
    And no block has been compared again since the preparation
    When the operator starts the virtual machine on the master host, unless it has started by itself
    Then the virtual machine runs on the master host within 10 minutes
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then the entry made on the master host is there
    And a new entry can be made
    And no change is left in the spool within 5 minutes

  @guide:6-2.S1-S4 @guide:6-2.N1
  Scenario: Start host maintenance for the replica host
    Given the replication scenario runs from the master host to the replica host
    When host maintenance is started for the replica host and confirmed
    Then the event "再起動の準備をしています" appears for every scenario prepared within 2 minutes
    And the event "再起動の準備ができました。" appears for every scenario prepared within 15 minutes
    And the virtual machine on the master host has kept running since the preparation
    And Garoon has stayed in use at its original URL

  @guide:6-2.S5 @guide:6-2.S6 @guide:6-2.N1
  Scenario: Reboot the replica host
    Given the replica host is ready for its reboot
    And an entry has been made in Garoon on the master host
    Then changes wait in the spool within 2 minutes
    When the operator reboots the management OS of the replica host
    Then the replica host has been rebooted and answers again within 30 minutes
    And the event "ホストメンテナンスプロセスが完了しました。レプリケーションは再同期なしに再開されました。" appears for every scenario prepared within 15 minutes
    And no block has been compared again since the preparation
    And no change is left in the spool within 5 minutes
    And the virtual machine on the master host has kept running since the preparation

  @guide:6-2.B0
  Scenario: Without host maintenance a reboot costs a synchronisation
    Given the replication scenario runs from the master host to the replica host
    When without host maintenance the operator reboots the management OS of the replica host
    Then the replica host has been rebooted and answers again within 30 minutes
    And every scenario of the replica host is synchronised anew within 60 minutes
    And the state of the scenario is "running" within 60 minutes
