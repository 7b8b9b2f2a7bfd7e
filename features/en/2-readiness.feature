# language: en
Feature: What has to hold before anything else
  Guide chapter 2. The premises the guide builds on are looked at one by one. Nothing is changed.

  @guide:2.P1
  Scenario: Garoon runs in a virtual machine and answers at its URL
    Given the virtual machine runs on the master host
    And Garoon is in use at its original URL
    Then Garoon is of version "3.5.2" or later

  @guide:2.P2
  Scenario: The replica host has the Control Service
    Given the Control Service answers on the replica host
    Then the Control Service runs on the replica host

  @guide:2.P3
  Scenario: Both hosts have an engine
    Then the engine runs as a service on both hosts

  @guide:2.P4
  Scenario: One account serves them all
    Then all services of RHA run under the same account

  @guide:2.P5
  Scenario: Windows and RHA are recent enough
    Then both hosts run Windows of version "6.1.7601" or later
    And the engines of both hosts are of version "16" or later
