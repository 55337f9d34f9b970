@simple_login
Feature: Simple login
  A shop needs nothing but a username and a password to know who its people are.

  Published by Ping Identity as "Configure a Simple Login". The numbers at the end of
  a line are those of the published list.

  @journey
  Scenario: Anna signs on with her username and password
    Given Priya has an access token of the worker application
    When Priya creates the web application "Example Shop" (step 1)
    And Priya reads the secret of "Example Shop" (step 2)
    And Priya creates the sign-on policy "Username and password" (step 3)
    And Priya adds a login action to the policy (step 4)
    And Priya assigns the policy to "Example Shop" (step 5)
    And Priya creates the population "Shoppers" (step 6)
    And Priya creates the user Anna in "Shoppers" (step 7)
    And Priya sets the password of Anna (step 8)
    Then the password of Anna is in force
    When Anna asks "Example Shop" to learn from PingOne who she is (step 9)
    Then PingOne shows Anna its sign-on page
    When Anna's browser gets the flow (step 10)
    Then PingOne asks Anna for her username and password
    When Anna submits her username and password (step 11)
    Then a password was all that Anna needed
    When Anna's browser resumes the authorization (step 12)
    Then "Example Shop" receives an authorization code
    When "Example Shop" exchanges the code for tokens (step 13)
    Then the ID token proves to "Example Shop" that Anna signed on

  @step-11
  Scenario: A wrong password signs nobody on
    Given "Example Shop" asks people for nothing but a username and password
    And Anna is registered
    When Anna asks "Example Shop" to learn from PingOne who she is
    And Anna's browser gets the flow
    And Anna tries a wrong password
    Then PingOne refuses the credentials
    And "Example Shop" receives no authorization code
