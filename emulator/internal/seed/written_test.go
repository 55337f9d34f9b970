package seed_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// said are parts of a seed as Export writes them: members in the order of the schema, those that it does not
// list under more, in the order of the alphabet; nothing that is empty; quotes where a text looks like something else.
var said = []string{`  - id: 44444444-4444-4444-8444-0000000000e1
    name: "08"
    description: costs $${PRICE}
    type: PRODUCTION
    region: EU
    organizationId: 44444444-4444-4444-8444-0000000000e2
    licenseId: 44444444-4444-4444-8444-0000000000e3
    passwordPolicyId: 44444444-4444-4444-8444-0000000000e4
    products:
      - PING_ONE_MFA
      - PING_ONE_BASE
    populations:
      - id: 44444444-4444-4444-8444-0000000000f1
        name: Customers
        default: true
`, `    resources:
      - id: 44444444-4444-4444-8444-0000000000c1
        name: Orders
        description: what was ordered
        audience: https://orders.example.com
        accessTokenValiditySeconds: 600
        introspectEndpointAuthMethod: CLIENT_SECRET_POST
        scopes:
          - id: 44444444-4444-4444-8444-0000000000c2
            name: orders:read
            description: to read them
          - id: 44444444-4444-4444-8444-0000000000c3
            name: orders:write
`, `    signOnPolicies:
      - id: 44444444-4444-4444-8444-0000000000d1
        name: Own
        description: their own
        default: true
        actions:
          - id: 44444444-4444-4444-8444-0000000000d2
            type: LOGIN
            priority: 10
            recovery:
              enabled: true
            registration:
              enabled: false
          - id: 44444444-4444-4444-8444-0000000000d3
            type: PROGRESSIVE_PROFILING
            priority: 20
            attributes:
              - name: mobilePhone
                required: true
            promptText: Please
            promptIntervalSeconds: 3600
            preventMultiplePromptsPerFlow: true
`, `    applications:
      - id: 44444444-4444-4444-8444-0000000000a1
        name: Shop
        enabled: false
        type: WEB_APP
        protocol: OPENID_CONNECT
        secret: s3cret
        tokenEndpointAuthMethod: CLIENT_SECRET_POST
        grantTypes:
          - AUTHORIZATION_CODE
        responseTypes:
          - CODE
        redirectUris:
          - https://shop.example.com/back
        pkceEnforcement: REQUIRED
        supportUnsignedRequestObject: true
        requireSignedRequestObject: false
        grants:
          - id: 44444444-4444-4444-8444-0000000000a2
            resource: Orders
            scopes:
              - orders:write
              - orders:read
        signOnPolicyAssignments:
          - id: 44444444-4444-4444-8444-0000000000a3
            signOnPolicy: Own
            priority: 7
`, `    users:
      - id: 44444444-4444-4444-8444-0000000000b1
        username: anna
        email: anna@example.com
        name:
          family: Meier
          given: Anna
        mobilePhone: "15125550101"
        enabled: false
        mfaEnabled: true
        emailVerified: true
        lifecycle:
          status: VERIFICATION_REQUIRED
        verifyStatus: ENABLED
        population: Customers
        password:
          forceChange: true
          scheme: SSHA
          hash: bm90aGluZyBidXQgZm9ydHkgYnl0ZXM=
          salt: c2FsdA==
          history:
            - Zm9ybWVy
          changedAt: "2026-01-15T09:00:00Z"
        devices:
          - id: 44444444-4444-4444-8444-0000000000b2
            type: SMS
            status: ACTIVE
            phone: "+1.5125550101"
            nickname: Hers
            policy: Default MFA Policy
            blocked: true
            passcode: "012345"
          - id: 44444444-4444-4444-8444-0000000000b3
            type: TOTP
            status: ACTIVATION_REQUIRED
            policy: Default MFA Policy
            secret: JBSWY3DPEHPK3PXP
        prompted:
          mobilePhone: "2026-01-14T09:00:00.5Z"
        more:
          accountId: "true"
          favourite:
            colours:
              - green
            count: 3
            sure: true
            weight: 0.5
      - id: 44444444-4444-4444-8444-0000000000b4
        username: ben
        email: ben@example.com
        enabled: true
        mfaEnabled: false
        population: Customers
`}

// An older file has no records, and a device policy may be gone: what is written can be read all the same.
func TestWhatIsMissingIsNotWritten(t *testing.T) {
	made, err := apply(t, "everything", everything)
	require.NoError(t, err)
	e := made.Environments()[0]
	e.Records = nil
	e.UserByUsername("on").Devices.Sorted()[0].PolicyID = "gone"
	written := export(t, made)
	require.NotContains(t, written, "policy: ")
	again, err := apply(t, "written", strings.ReplaceAll(written, "passcode: \"00000008\"", "passcode: \"000008\""))
	require.NoError(t, err)
	require.NotNil(t, again.Environments()[0].DefaultRecord("/schemas"))
}

func TestWhatIsWrittenReadsAsItWasSaid(t *testing.T) {
	made, err := apply(t, "seed.yaml", "seed: 1\nenvironments:\n"+strings.Join(said, ""))
	require.NoError(t, err)
	written := export(t, made)
	for _, part := range said[:len(said)-1] {
		if before, apps, found := strings.Cut(part, "    applications:\n"); found && before == "" {
			part = apps // behind those that every environment has
		}
		part = strings.TrimPrefix(part, "    resources:\n")
		require.Contains(t, written, part)
	}
	require.Contains(t, written, said[len(said)-1]+"    records:\n", "and nothing more of these people")
}
