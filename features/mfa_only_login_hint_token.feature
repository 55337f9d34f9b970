@mfa_only_login_hint_token
Feature: MFA only, with a login hint token
  Example Courier has already recognised the person. It vouches for who it is in a
  signed login hint token, and PingOne asks for a passcode and nothing else.

  Published by Ping Identity as "Configure an MFA-Only Flow Using a
  login_hint_token". The numbers at the end of a line are those of the
  published list.

  @journey
  Scenario: Chloe confirms a delivery with a passcode alone
    Priya, the administrator, prepares Example Courier; then the courier names
    Chloe to PingOne, and Chloe proves that she holds her phone.

    Given Priya has an access token of the worker application
    When Priya creates the web application "Example Courier" (step 1)
    And Priya reads the secret of "Example Courier" (step 2)
    And Priya lists the resources of the environment (step 3)
    And Priya lists the scopes of the resource "openid" (step 4)
    And Priya grants "Example Courier" the scopes "openid" and "profile" (step 5)
    And Priya creates the sign-on policy "Passcode only" (step 6)
    And Priya adds an action to the policy that sends a passcode by text message (step 7)
    And Priya assigns the policy to "Example Courier" (step 8)
    And Priya creates the population "Recipients" (step 9)
    And Priya creates the user Chloe in "Recipients" (step 10)
    And Priya sets the password of Chloe (step 11)
    And Priya enables MFA for Chloe (step 12)
    And Priya registers a text message device for Chloe (step 13)
    Then the device of Chloe is ready for use
    When "Example Courier" starts a sign-on for Chloe with a login hint token (step 14)
    Then PingOne asks Chloe for a passcode and for no password
    And the passcode went to the device registered for Chloe
    And the address of the device is masked
    When Chloe submits the passcode (step 15)
    Then sign-on is complete
    When Chloe's browser resumes the authorization (step 16)
    Then "Example Courier" receives an authorization code
    When "Example Courier" exchanges the code for tokens
    Then "Example Courier" holds an access token for Chloe
    And the ID token proves to "Example Courier" that Chloe signed on
    And the ID token says how Chloe signed on, and names no password

  @step-14
  Scenario: A device policy of its own makes text messages possible
    The newer page has a 17th call: it creates a device authentication policy and
    names it when it registers the device. That alone does not change the flow,
    which runs under the policy of the action, or the environment's default. Here
    the action is bound to the new policy, so that it takes effect.

    Given "Example Courier" sends people a passcode under a device policy of its own
    And Chloe is registered with a text message device
    When "Example Courier" starts a sign-on for Chloe with a login hint token
    Then PingOne asks Chloe for a passcode and for no password
    And the passcode went to the device registered for Chloe

  @step-7 @step-14 @sent-passcode
  Scenario: An action takes only the kinds of device that it switches on
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    And Chloe has another MFA device, for e-mail
    When "Example Courier" starts a sign-on for Chloe with a login hint token
    Then PingOne offers Chloe text messages only

  @step-14 @undocumented @sent-passcode
  Scenario: A device policy of its own can rule text messages out
    How PingOne refuses is not documented.

    Given "Example Courier" sends people a passcode under a device policy without text messages
    And Chloe is registered with a text message device
    When "Example Courier" tries a sign-on for Chloe with a login hint token
    Then no flow is waiting for a passcode of Chloe
    And no passcode was sent to Chloe

  @step-14
  Scenario: Another application of the environment may vouch for the person
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    And "Example Depot" is another application
    When "Example Courier" starts a sign-on for Chloe with a login hint token that "Example Depot" signed
    Then PingOne asks Chloe for a passcode and for no password

  @step-14
  Scenario: A username names the person as well
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    When "Example Courier" starts a sign-on for Chloe with a login hint token for her username
    Then PingOne asks Chloe for a passcode and for no password

  @step-14 @undocumented
  Scenario Outline: A login hint token is worth nothing when it <fault>
    How PingOne refuses is not documented: no passcode may be asked for, and no
    code may come out.

    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    And "Example Depot" is another application
    When "Example Courier" tries a login hint token for Chloe that <fault>
    Then no flow is waiting for a passcode of Chloe
    And no passcode was sent to Chloe

    Examples:
      | fault                                       |
      | is signed with the secret of another        |
      | claims to need no signature                 |
      | claims in other letters to need no signature |
      | names another as its issuer                 |
      | has expired                                 |
      | is meant for another environment            |
      | names nobody                                |
      | has a content type in its header            |
      | comes with a second hint                    |

  @step-14 @undocumented
  Scenario: A request object that nobody has signed is worth nothing
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    When "Example Courier" tries a request object for Chloe that nobody has signed
    Then no flow is waiting for a passcode of Chloe
    And no passcode was sent to Chloe

  @step-7 @step-14
  Scenario: Who has no device passes where the action lets them
    Given "Example Courier" sends people a passcode and lets those pass who have no device
    And Chloe is registered with MFA but without a device
    When "Example Courier" starts a sign-on for Chloe with a login hint token
    Then sign-on is complete
    And whatever comes out is in the name of Chloe

  @step-8 @step-14
  Scenario: Each application runs the policy that was assigned to it
    Given "Example Bank" asks people for a password and a passcode
    And "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    When Chloe asks to sign on to "Example Bank"
    And Chloe's browser gets the flow
    Then PingOne asks Chloe for her username and password
    When "Example Courier" starts a sign-on for Chloe with a login hint token
    Then PingOne asks Chloe for a passcode and for no password

  @step-14 @undocumented
  Scenario: A session of one person does not answer a hint for another
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    And Dora is registered with a text message device
    And Chloe has signed on to "Example Courier" with a login hint token
    When "Example Courier" tries a sign-on for Dora in the browser of Chloe
    Then nothing comes out in the name of Dora
    And no passcode was sent to Dora

  @step-14
  Scenario: Without a hint PingOne has to ask who is there
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    When "Example Courier" starts a sign-on for Chloe without naming her
    Then PingOne asks who is there

  @step-6 @step-14 @undocumented
  Scenario: A hint does not replace a password where the policy wants one
    Given "Example Bank" asks people for a password and a passcode
    And Chloe is registered with an MFA device
    When "Example Bank" tries a login hint token for Chloe that is in order
    Then there is no way around the password of Chloe
    And no passcode was sent to Chloe

  @step-15
  Scenario: The passcode of the text message is checked
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    And Chloe has been asked for a passcode by "Example Courier" with a login hint token
    When Chloe tries a wrong passcode
    Then PingOne refuses the passcode
    And the flow still asks Chloe for a passcode

  @step-16
  Scenario: Before the passcode there is no authorization code
    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    And Chloe has been asked for a passcode by "Example Courier" with a login hint token
    When Chloe's browser tries to resume the authorization
    Then "Example Courier" receives no authorization code

  @step-14 @undocumented
  Scenario: A live session answers for nobody else
    Whether a live session is asked again is not documented; the suite records it.

    Given "Example Courier" sends people a passcode and nothing else
    And Chloe is registered with a text message device
    And Chloe has signed on to "Example Courier" with a login hint token
    When "Example Courier" tries a sign-on for Chloe in the browser of Chloe
    Then whatever comes out is in the name of Chloe
