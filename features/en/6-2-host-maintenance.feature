# language: en
Feature: Restart a host with host maintenance
  Guide section 6-2. Before a host is rebooted, for example for a patch, host maintenance prepares its replication
  scenarios, so that replication resumes after the reboot without a resynchronisation.

  @guide:6-2.S1-S4
  Scenario: Host maintenance waits for the synchronisation
    Given the scenario has been created and is not running
    When the scenario is run with "block" synchronisation
    And the operator attempts to start host maintenance for the master host
    Then Kunren refuses the action under guide point "6-2.S1-S4", and no action has been sent to a host
    And no scenario is being prepared for a reboot

  @guide:6-2.S1-S4 @guide:6-2.N6
  Scenario: Start host maintenance for the master host
    Given the replication scenario runs from the master host to the replica host
    And Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    Then Garoon's scenario is listed for preparation on the master host
    Given an entry has been made in Garoon on the master host
    When host maintenance is started for the master host and confirmed
    Then the RHA PowerShell command has confirmed the preparation
    And the event "再起動の準備をしています" appears for every prepared scenario within 2 minutes

  @guide:6-2.B1 @guide:6-2.S5
  Scenario: The virtual machine is shut down and all changes are sent
    Given host maintenance of the master host has been started
    Then the virtual machine on the master host is shut down automatically within 10 minutes
    And the event "再起動の準備ができました。" appears for every prepared scenario within 15 minutes
    And the spool is empty

  @guide:6-2.N2 @guide:6-2.N5
  Scenario: No reboot takes place without the operator
    Given the master host is ready to reboot
    When 15 minutes pass without operator action
    Then the master host has not been rebooted
    And no switchover has been performed

  @guide:6-2.S5 @guide:6-2.S6
  Scenario: Reboot the master host
    Given the master host is ready to reboot
    When the operator reboots the management OS of the master host
    Then the master host has been rebooted and responds again within 30 minutes
    And the event "ホストメンテナンスプロセスが完了しました。レプリケーションは再同期なしに再開されました。" appears for every prepared scenario within 15 minutes
    And no blocks have been compared since the preparation
    When the operator starts the virtual machine on the master host unless it has started automatically
    Then the virtual machine runs on the master host within 10 minutes
    When a user opens Garoon at its original URL, retrying for up to 10 minutes
    Then the entry made on the master host is present
    And a new entry can be made
    And the spool is empty within 5 minutes

  @guide:6-2.S1-S4 @guide:6-2.N1
  Scenario: Start host maintenance for the replica host
    Given the replication scenario runs from the master host to the replica host
    When host maintenance is started for the replica host and confirmed
    Then the event "再起動の準備をしています" appears for every prepared scenario within 2 minutes
    And the event "再起動の準備ができました。" appears for every prepared scenario within 15 minutes
    And the virtual machine on the master host has kept running since the preparation
    And Garoon has remained available at its original URL

  @guide:6-2.S5 @guide:6-2.S6 @guide:6-2.N1
  Scenario: Reboot the replica host
    Given the replica host is ready to reboot
    And an entry has been made in Garoon on the master host
    Then changes accumulate in the spool within 2 minutes
    When the operator reboots the management OS of the replica host
    Then the replica host has been rebooted and responds again within 30 minutes
    And the event "ホストメンテナンスプロセスが完了しました。レプリケーションは再同期なしに再開されました。" appears for every prepared scenario within 15 minutes
    And no blocks have been compared since the preparation
    And the spool is empty within 5 minutes
    And the virtual machine on the master host has kept running since the preparation

  @guide:6-2.B0
  Scenario: A reboot without host maintenance causes a resynchronisation
    Given the replication scenario runs from the master host to the replica host
    When the operator reboots the management OS of the replica host without host maintenance
    Then the replica host has been rebooted and responds again within 30 minutes
    And every scenario of the replica host is resynchronised within 60 minutes
    And the state of the scenario is "running" within 60 minutes
