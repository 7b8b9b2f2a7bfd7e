# language: en
Feature: Start-up test by Assured Recovery
  Guide section 6-1. In quiet times the copy of Garoon's virtual machine is started on the replica host as a test,
  on a network of its own, while users go on. Afterwards all that the test changed is forgotten.
  Probes write, and what they write would hide in the same blocks what the copy has lost; they begin with the last test.

  @guide:6-1.S1-S2 @guide:6-1.S3
  Scenario: Start a manual test
    Given the replication scenario runs from the master host to the replica host
    And its product column shows "HA AR"
    And Garoon is in use at its original URL
    And an entry has been made in Garoon on the master host
    And a minute has passed, in which replication has caught up
    When the "manual" replica integrity test is started and confirmed
    Then the event "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています" appears within 15 minutes

  @guide:6-1.S4
  Scenario: The copy starts on a network of its own
    Given the replica integrity test is under way
    Then the virtual machine is registered and "running" on the replica host
    And there it is connected to an internal virtual network only

  @guide:6-1.B1
  Scenario: Production goes on
    Given the replica integrity test is under way
    Then the virtual machine on the master host runs on and has not been restarted since the test began
    And Garoon has stayed in use at its original URL
    When meanwhile an entry is made in Garoon on the master host

  @guide:6-1.S5
  Scenario: Log on to the test guest
    Given the replica integrity test is under way
    When an administrator logs on to the test guest through the replica host
    Then it has the computer name of the virtual machine on the master host

  @guide:6-1.S6
  Scenario: Work in Garoon inside the test guest
    Given the replica integrity test is under way
    When Garoon is opened inside the test guest, with localhost for the host in its URL
    Then Garoon in the test guest answers at http://localhost/
    And the entry made on the master host is there, in the test guest
    And a new entry can be made in the test guest
    And the entry made meanwhile waits and is not in the test guest

  @guide:6-1.S7-S8 @guide:6-1.S9
  Scenario: Stop the test
    Given the replica integrity test is under way
    When the replica integrity test is stopped and confirmed
    Then the test guest is gone from the replica host within 5 minutes
    And the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 5 minutes

  @guide:6-1.B2
  Scenario: The test is forgotten and the work is not
    Given the replica integrity test has ended
    Then no synchronisation has followed: not one block has been compared for it
    And the entry made in the test is not in Garoon at its original URL
    When the "manual" replica integrity test is started and confirmed
    Then the event "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています" appears within 15 minutes
    When Garoon is opened inside the test guest, with localhost for the host in its URL
    Then the entry made in the first test is not there, in the test guest
    And the entry made meanwhile is there, in the test guest
    When the replica integrity test is stopped and confirmed
    Then the test guest is gone from the replica host within 5 minutes
    And the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 5 minutes

  @guide:6-1.S1-S2 @guide:6-1.B1
  Scenario: Let an automatic test run
    Given the replica integrity test has ended
    And from now on the availability of Garoon is measured, layer by layer
    When the "automatic" replica integrity test is started and confirmed
    Then the virtual machine starts on the replica host by itself within 10 minutes
    And the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 15 minutes
    And the test guest is gone from the replica host within 5 minutes
    And the virtual machine on the master host runs on and has not been restarted since the test began
    And Garoon has stayed in use at its original URL
    And no probe has found users without Garoon
