# language: en
Feature: Preconditions of the guide
  Guide chapter 2. The preconditions of the guide are checked one by one. Nothing is changed.

  @guide:2.P1
  Scenario: Garoon runs in a virtual machine and responds at its URL
    Given the virtual machine runs on the master host
    And Garoon is available at its original URL
    Then the Garoon version is "3.5.2" or later

  @guide:2.P2
  Scenario: The replica host has the Control Service
    Given the Control Service responds on the replica host
    Then the Control Service runs on the replica host

  @guide:2.P3
  Scenario: Both hosts run the engine
    Then the engine runs as a service on both hosts

  @guide:2.P4
  Scenario: All services run under one account
    Then all RHA services run under the same account

  @guide:2.P5
  Scenario: Windows and RHA are of supported versions
    Then the Windows version of both hosts is "6.1.7601" or later
    And the engine version of both hosts is "16" or later
