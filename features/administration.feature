@administration
Feature: Administration
  Everything the three use cases set up goes through PingOne's management API. It
  answers only who is entitled, takes only what is complete, and says what is wrong.

  This feature is for engineers: in the tables, attributes are spelled as the API
  spells them.

  @prerequisite
  Scenario: A worker application with a wrong secret gets no token
    When Priya tries to get an access token with a wrong secret
    Then the token endpoint refuses with "invalid_client"

  @step-1
  Scenario Outline: Nothing is created with <token>
    Given Priya has an access token of the worker application
    When Priya tries to create an application with <token>
    Then PingOne refuses the call as unauthorized
    And nothing was created

    Examples:
      | token                       |
      | no access token             |
      | a token that is none        |
      | a token that PingOne has not signed |

  @step-1 @two-environments
  Scenario: A worker application of another environment has no say here
    Given Priya has an access token of a worker application of another environment
    When Priya tries to create an application with that token
    Then PingOne refuses the call as forbidden
    And nothing was created

  @step-1 @time-travel
  Scenario: An access token expires
    Given Priya has an access token of the worker application
    And 61 minutes have passed
    When Priya tries to create an application with that token
    Then PingOne refuses the call as unauthorized
    And nothing was created

  @step-2
  Scenario: An application that does not exist has no secret
    Given Priya has an access token of the worker application
    When Priya tries to read the secret of an application that does not exist
    Then PingOne does not find it

  @step-1
  Scenario Outline: <thing> cannot be created without <attribute>
    Given Priya has everything that <thing> needs
    When Priya tries to create <thing> without <attribute>
    Then PingOne refuses the data because of <attribute>
    And nothing was created

    Examples:
      | thing                        | attribute                     |
      | an application               | name                          |
      | an application               | type                          |
      | an application               | protocol                      |
      | an application               | tokenEndpointAuthMethod       |
      | a grant                      | resource                      |
      | a grant                      | scopes                        |
      | a sign-on policy             | name                          |
      | a login action               | type                          |
      | a login action               | priority                      |
      | a progressive profiling action | attributes                  |
      | a progressive profiling action | promptText                  |
      | a progressive profiling action | promptIntervalSeconds       |
      | a progressive profiling action | preventMultiplePromptsPerFlow |
      | an assignment                | priority                      |
      | an assignment                | signOnPolicy                  |
      | a population                 | name                          |
      | the user Anna                | username                      |
      | the user Anna                | email                         |
      | a device of Anna             | type                          |

  @step-7
  Scenario Outline: The priority of an action is a whole number of 1 or more, so <priority> is refused
    Given Priya has everything that a login action needs
    When Priya tries to create a login action with the priority <priority>
    Then PingOne refuses the data because of priority
    And nothing was created

    Examples:
      | priority |
      | 0        |
      | 1.5      |

  @step-6
  Scenario Outline: The name of <thing> cannot be taken twice
    Given Priya has everything that <thing> needs
    And Priya has created <thing>
    When Priya tries to create <thing> of the same name
    Then PingOne refuses the data because <attribute> is taken
    And nothing was created

    Examples:
      | thing            | attribute |
      | a sign-on policy | name      |
      | a population     | name      |
      | the user Anna    | username  |

  @step-5
  Scenario: A resource is granted to an application once
    Given Priya has everything that a grant needs
    And Priya has created a grant
    When Priya tries to create a grant of the same resource
    Then PingOne refuses the data
    And nothing was created

  @step-12
  Scenario: A password has to come as a password
    Given Priya has an access token of the worker application
    And Anna is registered
    When Priya tries to set a password for Anna without naming the action
    Then PingOne refuses the call for its form
    And Anna still has the password that was set

  @step-12
  Scenario: A password that is too weak is refused
    Given Priya has an access token of the worker application
    And Anna is registered
    When Priya tries to set the password of Anna to "wrong"
    Then PingOne refuses the data
    And Anna still has the password that was set

  @step-12
  Scenario: The password is nowhere in the record of its user
    Given Priya has an access token of the worker application
    And Anna is registered
    When Priya reads the user Anna
    Then no secret is in the answer

  @step-1
  Scenario: The list of applications holds no secret
    Given Priya has an access token of the worker application
    And "Example Shop" is another application
    When Priya lists the applications of the environment
    Then the application is listed once
    And no secret is in the answer

  @step-11
  Scenario: A filter finds the user whom it names and nobody else
    Given Priya has an access token of the worker application
    And Anna is registered
    And Ben is registered
    When Priya looks for the user Anna by her username
    Then Anna is found and nobody else

  @step-11
  Scenario: A long list comes in pages
    Given Priya has an access token of the worker application
    And Anna is registered
    And Ben is registered
    And Chloe is registered
    And Dora is registered in another population
    When Priya lists the people of the population two at a time
    Then no page holds more than two of them
    And Anna, Ben and Chloe are each listed once

  @step-1
  Scenario Outline: What is sent for <thing> is kept
    Given Priya has everything that <thing> needs
    And Priya has created <thing>
    When Priya reads back what she has created
    Then it is kept as it was sent

    Examples:
      | thing                          |
      | an application                 |
      | a grant                        |
      | a sign-on policy               |
      | a login action                 |
      | a progressive profiling action |
      | an assignment                  |
      | a population                   |
      | the user Anna                  |
      | a device of Anna               |
      | a device policy                |

  @step-2
  Scenario: The secret of an application stays the same
    Given Priya has an access token of the worker application
    And "Example Shop" is another application
    When Priya reads the secret of "Example Shop"
    Then the secret of "Example Shop" is the one that was read before

  @step-1
  Scenario Outline: What is deleted is gone: <thing>
    Given Priya has everything that <thing> needs
    And Priya has created <thing>
    When Priya deletes what she has created
    Then it is gone

    Examples:
      | thing            |
      | an application   |
      | a grant          |
      | an assignment    |
      | a sign-on policy |
      | another action   |
      | a population     |
      | the user Anna    |
      | a device of Anna |
      | a device policy  |

  @step-1
  Scenario: What is gone cannot be deleted again
    Given Priya has everything that an application needs
    And Priya has created an application
    And Priya has deleted the application
    When Priya tries to delete the application
    Then PingOne does not find it

  @step-7
  Scenario: The last action of a policy stays with its policy
    Given Priya has everything that a login action needs
    And Priya has created a login action
    When Priya tries to delete the login action
    Then PingOne refuses to delete the last action
    And the login action is still there

  @step-10
  Scenario: A population stays while there are people in it
    Given Priya has everything that a population needs
    And Priya has created a population
    And Anna is registered
    When Priya tries to delete the population
    Then PingOne refuses the deletion
    And the population is still there

  @step-3
  Scenario: The built-in resources are there
    Given Priya has an access token of the worker application
    When Priya lists the resources of the environment
    Then exactly one resource is "openid" and exactly one is "PingOne API"
