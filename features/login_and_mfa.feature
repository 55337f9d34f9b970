@login_and_mfa
Feature: Login and MFA
  A password alone does not open Example Bank: after it, PingOne sends a one-time
  passcode to a device of the person and wants to see it back.

  Published by Ping Identity as "Use Login and MFA Actions to Authenticate
  Users". The numbers at the end of a line are those of the published list.

  @journey
  Scenario: Ben signs on with his password and a passcode
    Priya, the administrator, prepares Example Bank; then Ben signs on with the
    device that she registered for him.

    Given Priya has an access token of the worker application
    When Priya creates the web application "Example Bank" (step 1)
    Then the secret of "Example Bank" is not in the answer
    When Priya lists the resources of the environment (step 2)
    And Priya lists the scopes of the resource "openid" (step 3)
    And Priya grants "Example Bank" the scopes "openid" and "profile" (step 4)
    And Priya creates the sign-on policy "Password and passcode" (step 5)
    And Priya adds a login action to the policy (step 6)
    And Priya adds an MFA action to the policy (step 7)
    And Priya assigns the policy to "Example Bank" (step 8)
    And Priya creates the population "Account holders" (step 9)
    And Priya creates the user Ben in "Account holders" (step 10)
    And Priya sets the password of Ben (step 11)
    Then the password of Ben is in force
    When Priya enables MFA for Ben (step 12)
    Then MFA is enabled for Ben
    When Priya registers an MFA device for Ben (step 13)
    Then the device of Ben is ready for use
    When Ben asks to sign on to "Example Bank" (step 14)
    Then PingOne shows Ben its sign-on page
    When Ben's browser gets the flow (step 15)
    Then PingOne asks Ben for his username and password
    When Ben submits his username and password (step 16)
    Then PingOne asks Ben for a passcode before sign-on completes
    And the passcode went to the device registered for Ben
    And the address of the device is masked
    When Ben submits the passcode (step 17)
    Then sign-on is complete
    When Ben's browser resumes the authorization (step 18)
    Then "Example Bank" receives an authorization code
    When Priya reads the secret of "Example Bank" (step 19)
    And "Example Bank" exchanges the code for tokens (step 20)
    Then "Example Bank" holds an access token for Ben
    And the ID token proves to "Example Bank" that Ben signed on
    And the ID token says how Ben signed on

  @step-17
  Scenario: A wrong passcode is refused, and the right one goes on
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    When Ben tries a wrong passcode
    Then PingOne refuses the passcode
    And the flow still asks Ben for a passcode
    When Ben submits the passcode
    Then sign-on is complete

  @step-17 @undocumented
  Scenario: After too many wrong passcodes the right one is refused as well
    The device policy of the environment says how many failures it allows.

    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    When Ben tries a wrong passcode as often as the device policy allows
    And Ben tries his own passcode
    Then PingOne takes no more passcodes
    And no sign-on has been completed

  @step-17 @time-travel
  Scenario: A passcode expires
    The passcode lives for 30 minutes; Ben keeps the flow itself alive meanwhile.

    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    And Ben has kept the flow open for 31 minutes
    When Ben tries his own passcode
    Then PingOne refuses the passcode
    And no sign-on has been completed

  @step-17 @sent-passcode
  Scenario: A new passcode replaces the old one
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    And Ben has had a new passcode sent
    When Ben tries the old passcode
    Then PingOne refuses the passcode
    When Ben submits the passcode
    Then sign-on is complete

  @step-17
  Scenario: The passcode of somebody else is refused
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Eve is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    And Eve has been asked for a passcode by "Example Bank"
    When Ben tries the passcode of Eve
    Then PingOne refuses the passcode
    And the flow still asks Ben for a passcode

  @step-17 @sent-passcode
  Scenario: The passcode of the device before is refused
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has another MFA device, for text messages
    And Ben has been asked for a passcode by "Example Bank"
    And Ben has had a passcode sent to his other device as well
    When Ben tries the old passcode
    Then PingOne refuses the passcode
    And the flow still asks Ben for a passcode

  @step-17 @sent-passcode
  Scenario: The passcode of an earlier sign-on is refused
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has signed on to "Example Bank"
    And Ben has begun to sign on to "Example Bank" in another browser
    When Ben submits his username and password
    And Ben tries the passcode of his earlier sign-on
    Then PingOne refuses the passcode
    And the flow still asks Ben for a passcode

  @step-6 @step-7 @step-16
  Scenario: The action with the lowest priority runs first, whenever it was added
    Given "Example Bank" asks people for a passcode, and was told last to ask for a password first
    And Ben is registered with an MFA device
    When Ben asks to sign on to "Example Bank"
    And Ben's browser gets the flow
    Then PingOne asks Ben for his username and password
    When Ben submits his username and password
    Then PingOne asks Ben for a passcode before sign-on completes

  @step-13 @step-16
  Scenario: Ben chooses between two devices
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has another MFA device, for text messages
    And Ben has been asked for a passcode by "Example Bank"
    When Ben chooses his other device
    Then the passcode went to the other device of Ben
    When Ben submits the passcode
    Then sign-on is complete

  @step-13 @step-16 @undocumented
  Scenario: Without a device there is no sign-on
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with MFA but without a device
    And Ben has begun to sign on to "Example Bank"
    When Ben tries his own password
    Then sign-on goes no further
    And "Example Bank" receives no authorization code

  @step-13 @step-16 @undocumented
  Scenario: A device that was never activated is asked for nothing
    What an administrator registers is in use at once, unless it is asked to wait.

    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with MFA but without a device
    And Ben has an MFA device that waits for its activation
    And Ben has begun to sign on to "Example Bank"
    When Ben tries his own password
    Then sign-on goes no further
    And "Example Bank" receives no authorization code

  @step-13 @step-16 @undocumented
  Scenario: A device that was never activated is not offered beside one in use
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with a text message device
    And Ben has an MFA device that waits for its activation
    And Ben has begun to sign on to "Example Bank"
    When Ben submits his username and password
    Then PingOne asks Ben for a passcode before sign-on completes
    And the passcode went to the device registered for Ben

  @step-12 @step-16 @undocumented
  Scenario: With MFA off nobody is asked for a passcode
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device, but without MFA
    And Ben has begun to sign on to "Example Bank"
    When Ben tries his own password
    Then PingOne does not ask for a passcode
    And no passcode was sent to Ben

  @step-12
  Scenario: Switching MFA on changes nothing else
    Given Priya has an access token of the worker application
    And Ben is registered with MFA but without a device
    When Priya reads the user Ben
    Then nothing else in the profile of Ben has changed

  @step-17 @undocumented
  Scenario: A passcode has to come as what it is
    Every action of a flow has the same address: what is sent says which one it is.

    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    When Ben's browser tries to send the passcode without naming the action
    Then PingOne refuses the flow action
    And no sign-on has been completed

  @step-16 @undocumented
  Scenario: A flow call without cookies is refused
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    When Ben tries his own passcode in a browser without cookies
    Then PingOne refuses the flow action
    And no sign-on has been completed

  @step-16 @undocumented
  Scenario: The cookies of somebody else's browser are of no use
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Eve is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    And Eve has been asked for a passcode by "Example Bank"
    When Eve tries to finish the flow of Ben with his passcode
    Then PingOne refuses the flow action
    And no sign-on has been completed

  @step-18
  Scenario: A password alone gives no authorization code
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    When Ben's browser tries to resume the authorization
    Then "Example Bank" receives no authorization code

  @step-18 @undocumented
  Scenario: A complete sign-on cannot be resumed in another browser
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has been asked for a passcode by "Example Bank"
    When Ben submits the passcode
    And Ben tries to resume the authorization in a browser without cookies
    Then "Example Bank" receives no authorization code

  @step-18 @undocumented
  Scenario: A complete sign-on cannot be resumed in the browser of somebody else
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Eve is registered with an MFA device
    And Eve has signed on to "Example Bank"
    And Ben has been asked for a passcode by "Example Bank"
    When Ben submits the passcode
    And Eve's browser tries to resume the authorization of Ben
    Then "Example Bank" receives no authorization code

  @step-14
  Scenario: A second sign-on in a fresh browser asks for everything again
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has signed on to "Example Bank"
    And Ben has begun to sign on to "Example Bank" in another browser
    When Ben submits his username and password
    Then PingOne asks Ben for a passcode before sign-on completes

  @step-20
  Scenario: An ID token signed by somebody else's key does not hold
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has signed on to "Example Bank"
    When "Example Bank" exchanges the code for tokens
    Then the ID token does not hold against a foreign key

  @step-4 @step-20 @undocumented
  Scenario: A scope that was not granted is in no token
    Whether such a request is refused or answered with less is not documented.

    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    When Ben tries to sign on to "Example Bank", which asks for the scope "email" as well
    Then no token of "Example Bank" holds the scope "email"

  @step-20
  Scenario: The person's claims can be read with the access token
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has signed on to "Example Bank"
    When "Example Bank" exchanges the code for tokens
    And "Example Bank" asks who the access token is about
    Then the answer is about Ben

  @step-20
  Scenario: Nobody is named for an access token that PingOne has not signed
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has signed on to "Example Bank"
    When "Example Bank" exchanges the code for tokens
    And "Example Bank" asks who a token is about that PingOne has not signed
    Then nobody is named

  @step-20 @two-environments
  Scenario: Another environment names nobody for an access token
    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has signed on to "Example Bank"
    When "Example Bank" exchanges the code for tokens
    And "Example Bank" asks another environment who the access token is about
    Then nobody is named

  @step-20 @undocumented
  Scenario: What PingOne knows of an access token is what the token says
    Which applications may ask is not documented.

    Given "Example Bank" asks people for a password and a passcode
    And Ben is registered with an MFA device
    And Ben has signed on to "Example Bank"
    When "Example Bank" exchanges the code for tokens
    And "Example Bank" asks what PingOne knows of its access token
    Then PingOne knows the token of "Example Bank" as what it is
