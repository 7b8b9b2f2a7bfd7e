# language: en
Feature: A lost line with manual switchover
  Guide section 3, step 11: across a WAN manual switchover is advised, so that a lost line does not switch over
  needlessly. The line is cut and mended again; users notice nothing, and replication goes on.

  @guide:3.N11
  Scenario: The line is lost, and nothing moves
    Given the replication scenario runs, starts switchover "manually", and the replica host watches the master host
    And Garoon is in use at its original URL
    When the line between the two hosts is cut
    Then the countdown to the switchover begins within 3 minutes
    And the error EM00166 "マスタ ホストは応答していません。スイッチオーバーが必要です" appears within 10 minutes
    And nothing is switched over for 30 minutes
    And Garoon has stayed in use at its original URL

  @guide:3.N11
  Scenario: The line is back, and nothing needs to be done
    Given the countdown to the switchover has begun
    And an entry has been made in Garoon on the master host
    When the line between the two hosts is mended
    Then the switchover is called off within 3 minutes
    And the state of the scenario is "running" within 5 minutes
    And the replica host watches the master host by Is Alive within 5 minutes

  @guide:3.N11
  Scenario: What was entered meanwhile has reached the replica host
    Given the replication scenario runs, starts switchover "manually", and the replica host watches the master host
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
    When a user opens Garoon at its original URL, trying for up to 10 minutes
    Then the entry made on the master host is there
