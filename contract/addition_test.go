package contract_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/contract"
)

const page = "https://developer.pingidentity.com/pingone-api/platform/gateways.html"

// gateway is a schema of somebody else's that leans on one of ours.
func gateway(text string) fstest.MapFS {
	return fstest.MapFS{"gateway.json": {Data: []byte(text)}}
}

const gatewayShape = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": "` + page + `",
  "type": "object", "required": ["id", "enabled"],
  "properties": { "_links": { "$ref": "common.json#/$defs/links" }, "id": { "type": "string" }, "enabled": { "type": "boolean" } }
}`

func createGateway() contract.Operation {
	return contract.Operation{
		Name: "Create Gateway", Method: "POST", Path: "/v1/environments/{env}/gateways", Success: 201, Answer: "gateway", Source: page,
	}
}

// noTeapots is a rule about every call.
func noTeapots(observed bool) contract.Rule {
	return contract.Rule{Name: "comes from a teapot", Observed: observed, Source: page, Check: func(ex *client.Exchange) []contract.Problem {
		if ex.Header.Get("X-Teapot") == "" {
			return nil
		}
		return []contract.Problem{{Where: "header X-Teapot", Want: "nothing", Got: "a teapot"}}
	}}
}

// answered is an answer to a call, as the client hands it on.
func answered(t *testing.T, path string, status int, body string) *client.Exchange {
	t.Helper()
	u, err := url.Parse("https://api.pingone.com/v1/environments/00000000-0000-4000-8000-000000000001" + path)
	require.NoError(t, err)
	return &client.Exchange{
		Request: client.Request{Method: "POST", URL: u, Header: http.Header{"Authorization": {"Bearer x"}, "Content-Type": {"application/json"}}, Body: []byte(`{}`)},
		Status:  status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body),
	}
}

func TestAnAdditionKnowsCallsAndShapesOfItsOwn(t *testing.T) {
	made := func(member string) *client.Exchange {
		return answered(t, "/gateways", 201, fmt.Sprintf(`{"id":"00000000-0000-4000-8000-000000000002",%s}`, member))
	}
	c, err := contract.With(contract.Addition{Schemas: gateway(gatewayShape), Operations: []contract.Operation{createGateway()}})
	require.NoError(t, err)
	report := c.NewChecker().Check(made(`"enabled":"yes"`))
	require.ErrorContains(t, report.Err(), "/enabled is not what the contract says (want a value of type boolean")
	require.ErrorContains(t, report.Err(), page)
	require.NotContains(t, report.Err().Error(), "is not a call the contract knows")
	require.NoError(t, contract.NewChecker().Check(made(`"enabled":"yes"`)).Err(), "the built-in contract does not know the call")

	wrong := made(`"enabled":true`)
	wrong.Status = 200
	require.ErrorContains(t, c.NewChecker().Check(wrong).Err(), "want 201, got 200")
}

func TestARuleFailsOrIsObserved(t *testing.T) {
	for _, observed := range []bool{false, true} {
		c, err := contract.With(contract.Addition{Rules: []contract.Rule{noTeapots(observed)}})
		require.NoError(t, err)
		teapot := answered(t, "/gateways", 404, `{}`)
		require.Empty(t, broken(c.NewChecker().Check(teapot), observed))
		teapot.Header.Set("X-Teapot", "1")
		report := c.NewChecker().Check(teapot)
		require.Len(t, broken(report, observed), 1)
		require.Empty(t, broken(report, !observed))
		require.Equal(t, "header X-Teapot comes from a teapot (want nothing, got a teapot) [documented: "+page+"]", broken(report, observed)[0].String())
	}
}

// broken are the findings of the rule about teapots.
func broken(r contract.Report, observed bool) []contract.Finding {
	all := r.Violations
	if observed {
		all = r.Observations
	}
	return slices.DeleteFunc(slices.Clone(all), func(f contract.Finding) bool { return f.Rule != noTeapots(false).Name })
}

func TestARuleLooksAtItsOperationOnly(t *testing.T) {
	rule := noTeapots(false)
	rule.Operation = "Create Gateway"
	c, err := contract.With(contract.Addition{
		Schemas: gateway(gatewayShape), Operations: []contract.Operation{createGateway()}, Rules: []contract.Rule{rule},
	})
	require.NoError(t, err)
	for path, says := range map[string]bool{"/gateways": true, "/populations": false} {
		ex := answered(t, path, 201, `{"id":"00000000-0000-4000-8000-000000000002","enabled":true}`)
		ex.Header.Set("X-Teapot", "1")
		require.Equal(t, says, len(broken(c.NewChecker().Check(ex), false)) > 0, path)
	}
}

func TestAdditionsThatCannotBe(t *testing.T) {
	with := func(change func(*contract.Operation)) contract.Addition {
		o := createGateway()
		change(&o)
		return contract.Addition{Schemas: gateway(gatewayShape), Operations: []contract.Operation{o}}
	}
	ruled := func(change func(*contract.Rule)) contract.Addition {
		r := noTeapots(false)
		change(&r)
		return contract.Addition{Rules: []contract.Rule{r}}
	}
	for says, a := range map[string]contract.Addition{
		`POST /v1/environments/{any}/users is there already, as "Create User"`: with(func(o *contract.Operation) { o.Path = "/v1/environments/{any}/users" }),
		`"Create Gateway": its path "/gateways" does not begin with /v1/`:      with(func(o *contract.Operation) { o.Path = "/gateways" }),
		`the operation "" needs a name, a method and the page`:                 with(func(o *contract.Operation) { o.Name = "" }),
		`"Methodless" needs a name, a method and the page that documents it`:   with(func(o *contract.Operation) { o.Name, o.Method = "Methodless", "" }),
		`"Sourceless" needs a name, a method and the page that documents it`:   with(func(o *contract.Operation) { o.Name, o.Source = "Sourceless", "" }),
		`404 is no status of success`:                                          with(func(o *contract.Operation) { o.Success = 404 }),
		`300 is no status of success`:                                          with(func(o *contract.Operation) { o.Success = 300 }),
		`199 is no status of success`:                                          with(func(o *contract.Operation) { o.Success = 199 }),
		`the operation "Create Gateway": read schema answer.json`:              with(func(o *contract.Operation) { o.Answer = "answer" }),
		`the operation "Create Gateway": read schema item.json`:                with(func(o *contract.Operation) { o.Items = "item" }),
		`the operation "Create Gateway": read schema request.json`:             with(func(o *contract.Operation) { o.Request = "request" }),
		`there is a schema user.json already`:                                  {Schemas: fstest.MapFS{"user.json": {Data: []byte(`{}`)}}},
		`parse schema gateway.json`:                                            {Schemas: gateway(`{`)},
		`compile schema gateway`:                                               {Schemas: gateway(`{"$ref":"nowhere.json"}`)},
		`the rule "" needs a name`:                                             ruled(func(r *contract.Rule) { r.Name = "" }),
		`the rule "of nobody" needs a name, the page that states it`:           ruled(func(r *contract.Rule) { r.Name, r.Source = "of nobody", "" }),
		`the rule "of nothing" needs a name, the page that states it`:          ruled(func(r *contract.Rule) { r.Name, r.Check = "of nothing", nil }),
	} {
		t.Run(says, func(t *testing.T) {
			_, err := contract.With(a)
			require.ErrorContains(t, err, says)
		})
	}
}

func TestAdditionsStandSideBySide(t *testing.T) {
	first := contract.Addition{Schemas: gateway(gatewayShape), Operations: []contract.Operation{createGateway()}}
	_, err := contract.With(first, first)
	require.ErrorContains(t, err, "what was added to the contract: there is a schema gateway.json already")
	require.ErrorContains(t, err, `is there already, as "Create Gateway"`, "all that is wrong is said")

	read, patched := createGateway(), createGateway()
	read.Name, read.Method, read.Success = "Read Gateway", "GET", 200
	read.Path += "/{gateway}"
	patched.Name, patched.Media, patched.Success = "Import Gateway", "application/vnd.pingidentity.import+json", 299
	c, err := contract.With(first, contract.Addition{Operations: []contract.Operation{read, patched}})
	require.NoError(t, err, "another method, another path or another media type is another call; schemas of any addition are there for all")
	const body = `{"id":"00000000-0000-4000-8000-000000000002","enabled":true,"_links":{"self":{"href":"https://api.pingone.com/v1/environments/00000000-0000-4000-8000-000000000001/gateways/00000000-0000-4000-8000-000000000002"}}}`
	created, again := answered(t, "/gateways", 201, body), answered(t, "/gateways/00000000-0000-4000-8000-000000000002", 200, body)
	again.Request.Method = "GET"
	for _, ex := range []*client.Exchange{created, again} {
		report := c.NewChecker().Check(ex)
		require.NoError(t, report.Err(), "self leads to what was created, and to what is read")
		require.Equal(t, ex == created, len(report.Observations) == 1, "what is created may have a Location: %v", report.Observations)
	}
}

func TestWithoutAdditionsTheContractIsTheBuiltInOne(t *testing.T) {
	var none *contract.Contract
	require.NotNil(t, none.NewChecker())
	c, err := contract.With()
	require.NoError(t, err)
	ex := answered(t, "/users", 201, `{}`)
	require.Equal(t, none.NewChecker().Check(ex), c.NewChecker().Check(ex))
}
