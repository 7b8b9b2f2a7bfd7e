# language: en
Feature: Start-up test by Assured Recovery
  Guide section 6-1. In normal operation the copy of Garoon's virtual machine is started on the replica host as a test,
  on an isolated network, without affecting production. All changes of the test are discarded afterwards.
  Probes write, and their writes could mask changes that the copy has lost; so they start with the last test.

  @guide:6-1.S1-S2 @guide:6-1.S3
  Scenario: Start a manual test
    Given the replication scenario runs from the master host to the replica host
    And its product column shows "HA AR"
    And Garoon is available at its original URL
    And an entry has been made in Garoon on the master host
    And one minute has passed for replication to catch up
    When the "manual" replica integrity test is started and confirmed
    Then the event "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています" appears within 15 minutes

  @guide:6-1.S4
  Scenario: The copy starts on an isolated network
    Given the replica integrity test is in progress
    Then the virtual machine is registered and "running" on the replica host
    And the test virtual machine is connected only to an internal virtual network

  @guide:6-1.B1
  Scenario: Production continues
    Given the replica integrity test is in progress
    Then the virtual machine on the master host is still running and has not been restarted since the test began
    And Garoon has remained available at its original URL
    When a production entry is made in Garoon on the master host during the test

  @guide:6-1.S5
  Scenario: Log on to the test virtual machine
    Given the replica integrity test is in progress
    When the operator logs on to the test virtual machine through the replica host
    Then it has the same computer name as the virtual machine on the master host

  @guide:6-1.S6
  Scenario: Work in Garoon inside the test virtual machine
    Given the replica integrity test is in progress
    When Garoon is opened inside the test virtual machine with localhost as the host name in its URL
    Then Garoon in the test virtual machine responds at http://localhost/
    And the entry made on the master host is present in the test virtual machine
    And a new entry can be made in the test virtual machine
    And the production entry made during the test is pending and absent from the test virtual machine

  @guide:6-1.S7-S8 @guide:6-1.S9
  Scenario: Stop the test
    Given the replica integrity test is in progress
    When the replica integrity test is stopped and confirmed
    Then the test virtual machine is removed from the replica host within 5 minutes
    And the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 5 minutes

  @guide:6-1.B2
  Scenario: Changes of the test are discarded and production changes kept
    Given the replica integrity test has ended
    Then no resynchronisation has taken place: no blocks were compared
    And the entry made in the test is absent from Garoon at its original URL
    When the "manual" replica integrity test is started and confirmed
    Then the event "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています" appears within 15 minutes
    When Garoon is opened inside the test virtual machine with localhost as the host name in its URL
    Then the entry made in the first test is absent from the test virtual machine
    And the production entry made during the test is present in the test virtual machine
    When the replica integrity test is stopped and confirmed
    Then the test virtual machine is removed from the replica host within 5 minutes
    And the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 5 minutes

  @guide:6-1.S1-S2 @guide:6-1.B1
  Scenario: Run an automatic test
    Given the replica integrity test has ended
    And the availability of Garoon is measured at every layer from now on
    When the "automatic" replica integrity test is started and confirmed
    Then the virtual machine starts automatically on the replica host within 10 minutes
    And the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 15 minutes
    And the test virtual machine is removed from the replica host within 5 minutes
    And the virtual machine on the master host is still running and has not been restarted since the test began
    And Garoon has remained available at its original URL
    And no probe has found Garoon unavailable to users
