// Anna gives her mobile phone number while she signs on
//
// The published list: https://developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/configure-a-progressive-profiling-sign-on-action.html
//
// Made by pingone-conformance export k6; change nothing here. Each iteration makes an
// application, a policy and a person of its own, signs that person on, and deletes it all.
// What a test that is stopped leaves, pingone-conformance sweep finds by its name.
import crypto from "k6/crypto";
import encoding from "k6/encoding";
import exec from "k6/execution";
import http from "k6/http";
import { check } from "k6";
import { Counter, Trend } from "k6/metrics";

// What you give: k6 run -e apiPath=… -e authPath=… and so on; VUS, ITERATIONS and PINGONE_MAX_RPS beside it.
const wanted = [
  ["apiPath", "", "the management API, with its version"],
  ["authPath", "", "the authorization server"],
  ["envID", "", "the environment in which things are created; a sandbox, never one with real people"],
  ["adminEnvID", "", "the environment of the worker application; often the same"],
  ["adminAppID", "", "the client id of the worker application"],
  ["adminAppSecret", "", "its secret"],
];

// How long each step of the published list takes.
const trends = {
  "Step 1: Create an application": new Trend("step_01_create_an_application", true),
  "Step 2: Get the application secret": new Trend("step_02_get_the_application_secret", true),
  "Step 3: Get all resources": new Trend("step_03_get_all_resources", true),
  "Step 4: Get all scopes": new Trend("step_04_get_all_scopes", true),
  "Step 5: Create the resource access grant": new Trend("step_05_create_the_resource_access_grant", true),
  "Step 6: Create the new sign-on policy": new Trend("step_06_create_the_new_sign_on_policy", true),
  "Step 7: Create the login sign-on policy action": new Trend("step_07_create_the_login_sign_on_policy_action", true),
  "Step 8: Create the progressive profiling sign-on policy action": new Trend("step_08_create_the_progressive_profiling_sign_on_policy_action", true),
  "Step 9: Assign the sign-on policy to an application": new Trend("step_09_assign_the_sign_on_policy_to_an_application", true),
  "Step 10: Create a population for profile users": new Trend("step_10_create_a_population_for_profile_users", true),
  "Step 11: Create a user": new Trend("step_11_create_a_user", true),
  "Step 12: Set user password": new Trend("step_12_set_user_password", true),
  "Step 13: Send an authorization request": new Trend("step_13_send_an_authorization_request", true),
  "Step 14: Get the flow": new Trend("step_14_get_the_flow", true),
  "Step 15: Submit login credentials": new Trend("step_15_submit_login_credentials", true),
  "Step 16: Update user profile": new Trend("step_16_update_user_profile", true),
  "Step 17: Call the resume endpoint": new Trend("step_17_call_the_resume_endpoint", true),
  "Step 18: Get the access token": new Trend("step_18_get_the_access_token", true),
  "Step 19: Verify updated user information": new Trend("step_19_verify_updated_user_information", true),
};

const given = {};
for (const [name, value, about] of wanted) {
  given[name] = __ENV[name] || value;
  if (!given[name]) {
    throw new Error(`${name} is not set: ${about}. Say it as -e ${name}=…`);
  }
}

// A tenant's limits are shared with the people who sign on there: PingOne's own hosts are
// refused, unless allowLoad names the environment.
for (const name of ["apiPath", "authPath"]) {
  const host = (given[name].match(/^https?:\/\/(?:[^@/?#\\]*@)?([^:/?#\\@]+)/i) || [])[1];
  if (!host) {
    throw new Error(`${name}=${given[name]} is no address: it begins with http:// or https:// and a host`);
  }
  if (/(^|\.)(pingone|pingidentity)\.[a-z.]+$/i.test(host) && __ENV.allowLoad !== given.envID) {
    throw new Error(`${host} is PingOne itself: say allowLoad=<the id of the environment> if Ping Identity has agreed to a load test of it`);
  }
}

function number(name, otherwise) {
  const value = __ENV[name] || otherwise;
  if (!/^[1-9][0-9]*$/.test(value)) {
    throw new Error(`${name}=${value} is not a whole number of 1 or more`);
  }
  return Number(value);
}

export const options = {
  scenarios: {
    journey: { executor: "per-vu-iterations", vus: number("VUS", "1"), iterations: number("ITERATIONS", "1"), maxDuration: __ENV.MAX_DURATION || "30m", gracefulStop: "1m" },
  },
  // Calls a second of this runner: k6's operator starts several, and each has the limit for itself.
  rps: __ENV.PINGONE_MAX_RPS ? number("PINGONE_MAX_RPS") : 0,
  // Checks alone fail no run, and neither does a run in which nothing happens.
  thresholds: { checks: ["rate==1"], http_req_failed: ["rate==0"], iterations: ["count>0"], dropped_iterations: ["count==0"], left_behind: ["count==0"] },
};

const leftBehind = new Counter("left_behind");
const journeyTime = new Trend("journey", true);

// send sends a call and looks at its status; no redirect is followed. A refusal ends the journey.
function send(step, method, url, statuses, { headers, body, jar } = {}) {
  const response = http.request(method, url, body === undefined ? null : body, { headers, jar, redirects: 0, tags: { name: step } });
  if (trends[step]) {
    trends[step].add(response.timings.duration);
  }
  const look = (name, holds) => check(response, { [`${step}: ${name}`]: () => holds });
  look(`status ${statuses.join(" or ")}`, statuses.includes(response.status));
  if (response.status === 0 || response.status >= 400) {
    throw new Error(`${step}: ${response.status || response.error}: ${String(response.body).slice(0, 500)}`);
  }
  let json;
  try {
    json = JSON.parse(response.body);
  } catch (error) {
    json = undefined; // the checks say what is missing
  }
  return { status: response.status, body: json, location: response.headers.Location || "", look, take };

  // take returns a value without which the journey cannot go on.
  function take(name, value) {
    if (!look(`${name} is there`, typeof value === "string" && value !== "")) {
      throw new Error(`${step}: ${name} is not there`);
    }
    return value;
  }
}

// remove deletes what was made, and counts what stays.
function remove(v, step, url) {
  const response = http.del(url, null, { headers: worker(v), tags: { name: step } });
  if (!check(response, { [`${step}: status 204`]: () => response.status === 204 })) {
    leftBehind.add(1);
  }
}

const worker = (v) => ({ Authorization: `Bearer ${v.accessToken}`, Accept: "application/json" });
const basic = (user, password) => ({ Authorization: `Basic ${encoding.b64encode(`${user}:${password}`)}` });
const hex = (number, digits) => Math.floor(number).toString(16).padStart(digits, "0").slice(-digits);
const chance = (digits) => hex(Math.random() * 16 ** digits, digits);
const text = (value) => (typeof value === "string" ? value : JSON.stringify(value ?? ""));
const parameter = (url, name) => decodeURIComponent((url.match(new RegExp(`[?&]${name}=([^&#]*)`)) || [])[1] || "");

function claims(token) {
  try {
    return JSON.parse(encoding.b64decode(token.split(".")[1], "rawurl", "s"));
  } catch (error) {
    return undefined;
  }
}

export default function () {
  const v = { ...given };
  const began = Date.now();
  try {
    journey(v);
    journeyTime.add(Date.now() - began);
  } finally {
    cleanUp(v);
  }
}

function journey(v) {
  let r;

  // Names that pingone-conformance sweep finds: eight digits of time, eight of user and chance.
  v.runID = hex(Date.now() / 1000, 8) + hex(exec.vu.idInTest, 4) + chance(4);
  // The default password policy takes no three like characters in a row.
  v.userPassword = `Aa1!${chance(8).split("").join("-")}`;
  r = send("Get a worker application access token", "POST", `${v.authPath}/${v.adminEnvID}/as/token`, [200], {
    headers: basic(v.adminAppID, v.adminAppSecret),
    body: { grant_type: "client_credentials" },
  });
  v.accessToken = r.take("accessToken", r.body?.access_token);
  r.look("the token is a bearer", text(r.body?.token_type).toLowerCase() === "Bearer".toLowerCase());

  r = send("Step 1: Create an application", "POST", `${v.apiPath}/environments/${v.envID}/applications`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "enabled": true,
      "grantTypes": [
        "AUTHORIZATION_CODE"
      ],
      "name": `pingone-conformance ${v.runID} Example Shop`,
      "protocol": "OPENID_CONNECT",
      "redirectUris": [
        "https://example-shop.example.com/callback"
      ],
      "responseTypes": [
        "CODE"
      ],
      "tokenEndpointAuthMethod": "CLIENT_SECRET_BASIC",
      "type": "WEB_APP"
    }),
  });
  v.AppWithPPID = r.take("AppWithPPID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.AppWithPPID));
  r.look("enabled comes back", r.body?.enabled === true);
  r.look("grantTypes.0 comes back", r.body?.grantTypes?.[0] === "AUTHORIZATION_CODE");
  r.look("name comes back", r.body?.name === `pingone-conformance ${v.runID} Example Shop`);
  r.look("protocol comes back", r.body?.protocol === "OPENID_CONNECT");
  r.look("redirectUris.0 comes back", r.body?.redirectUris?.[0] === "https://example-shop.example.com/callback");
  r.look("responseTypes.0 comes back", r.body?.responseTypes?.[0] === "CODE");
  r.look("tokenEndpointAuthMethod comes back", r.body?.tokenEndpointAuthMethod === "CLIENT_SECRET_BASIC");
  r.look("type comes back", r.body?.type === "WEB_APP");
  r.look("the secret is not in the answer", (r.body?.secret ?? null) === null);
  r.look("nor under another name", (r.body?.clientSecret ?? null) === null);

  r = send("Step 2: Get the application secret", "GET", `${v.apiPath}/environments/${v.envID}/applications/${v.AppWithPPID}/secret`, [200], {
    headers: worker(v),
  });
  v.AppWithPPSecret = r.take("AppWithPPSecret", r.body?.secret);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);

  r = send("Step 3: Get all resources", "GET", `${v.apiPath}/environments/${v.envID}/resources`, [200], {
    headers: worker(v),
  });
  v.p1ResID = r.take("p1ResID", r.body?._embedded?.resources?.find((item) => item.name === "PingOne API")?.id);

  r = send("Step 4: Get all scopes", "GET", `${v.apiPath}/environments/${v.envID}/resources/${v.p1ResID}/scopes`, [200], {
    headers: worker(v),
  });
  v.p1ReadUserScopeID = r.take("p1ReadUserScopeID", r.body?._embedded?.scopes?.find((item) => item.name === "p1:read:user")?.id);

  r = send("Step 5: Create the resource access grant", "POST", `${v.apiPath}/environments/${v.envID}/applications/${v.AppWithPPID}/grants`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "resource": {
        "id": v.p1ResID
      },
      "scopes": [
        {
          "id": v.p1ReadUserScopeID
        }
      ]
    }),
  });
  v.grantID = r.take("grantID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.grantID));
  r.look("resource.id comes back", r.body?.resource?.id === v.p1ResID);
  r.look("scopes.0.id comes back", r.body?.scopes?.[0]?.id === v.p1ReadUserScopeID);

  r = send("Step 6: Create the new sign-on policy", "POST", `${v.apiPath}/environments/${v.envID}/signOnPolicies`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "default": false,
      "description": "Ask for a phone number, made by pingone-conformance",
      "name": `pingone-conformance-${v.runID}-Ask-for-a-phone-number`
    }),
  });
  v.ProgressiveProfilingPolicyID = r.take("ProgressiveProfilingPolicyID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.ProgressiveProfilingPolicyID));
  r.look("description comes back", r.body?.description === "Ask for a phone number, made by pingone-conformance");
  r.look("name comes back", r.body?.name === `pingone-conformance-${v.runID}-Ask-for-a-phone-number`);

  r = send("Step 7: Create the login sign-on policy action", "POST", `${v.apiPath}/environments/${v.envID}/signOnPolicies/${v.ProgressiveProfilingPolicyID}/actions`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "priority": 1,
      "type": "LOGIN"
    }),
  });
  v.loginActionID = r.take("loginActionID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.loginActionID));
  r.look("priority comes back", r.body?.priority === 1);
  r.look("type comes back", r.body?.type === "LOGIN");

  r = send("Step 8: Create the progressive profiling sign-on policy action", "POST", `${v.apiPath}/environments/${v.envID}/signOnPolicies/${v.ProgressiveProfilingPolicyID}/actions`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "attributes": [
        {
          "name": "mobilePhone",
          "required": false
        }
      ],
      "preventMultiplePromptsPerFlow": false,
      "priority": 50,
      "promptIntervalSeconds": 3600,
      "promptText": "Please provide the following information.",
      "type": "PROGRESSIVE_PROFILING"
    }),
  });
  v.progressiveProfilingActionID = r.take("progressiveProfilingActionID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.progressiveProfilingActionID));
  r.look("attributes.0.name comes back", r.body?.attributes?.[0]?.name === "mobilePhone");
  r.look("attributes.0.required comes back", r.body?.attributes?.[0]?.required === false);
  r.look("preventMultiplePromptsPerFlow comes back", r.body?.preventMultiplePromptsPerFlow === false);
  r.look("priority comes back", r.body?.priority === 50);
  r.look("promptIntervalSeconds comes back", r.body?.promptIntervalSeconds === 3600);
  r.look("promptText comes back", r.body?.promptText === "Please provide the following information.");
  r.look("type comes back", r.body?.type === "PROGRESSIVE_PROFILING");

  r = send("Step 9: Assign the sign-on policy to an application", "POST", `${v.apiPath}/environments/${v.envID}/applications/${v.AppWithPPID}/signOnPolicyAssignments`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "priority": 10,
      "signOnPolicy": {
        "id": v.ProgressiveProfilingPolicyID
      }
    }),
  });
  v.assignmentID = r.take("assignmentID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.assignmentID));
  r.look("priority comes back", r.body?.priority === 10);
  r.look("signOnPolicy.id comes back", r.body?.signOnPolicy?.id === v.ProgressiveProfilingPolicyID);

  r = send("Step 10: Create a population for profile users", "POST", `${v.apiPath}/environments/${v.envID}/populations`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "description": "Shoppers, made by pingone-conformance",
      "name": `pingone-conformance ${v.runID} Shoppers`
    }),
  });
  v.progressiveProfilePopID = r.take("progressiveProfilePopID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.progressiveProfilePopID));
  r.look("description comes back", r.body?.description === "Shoppers, made by pingone-conformance");
  r.look("name comes back", r.body?.name === `pingone-conformance ${v.runID} Shoppers`);

  r = send("Step 11: Create a user", "POST", `${v.apiPath}/environments/${v.envID}/users`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "email": `anna.${v.runID}@example.com`,
      "name": {
        "family": "Example",
        "given": "Anna"
      },
      "population": {
        "id": v.progressiveProfilePopID
      },
      "username": `pingone-conformance-${v.runID}-anna`
    }),
  });
  v.progressiveProfileUserID = r.take("progressiveProfileUserID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.progressiveProfileUserID));
  r.look("email comes back", r.body?.email === `anna.${v.runID}@example.com`);
  r.look("name.family comes back", r.body?.name?.family === "Example");
  r.look("name.given comes back", r.body?.name?.given === "Anna");
  r.look("population.id comes back", r.body?.population?.id === v.progressiveProfilePopID);
  r.look("username comes back", r.body?.username === `pingone-conformance-${v.runID}-anna`);
  r.look("there is no mobile phone number yet", (r.body?.mobilePhone ?? null) === null);

  r = send("Step 12: Set user password", "PUT", `${v.apiPath}/environments/${v.envID}/users/${v.progressiveProfileUserID}/password`, [200], {
    headers: { ...worker(v), "Content-Type": "application/vnd.pingidentity.password.set+json" },
    body: JSON.stringify({
      "forceChange": false,
      "value": v.userPassword
    }),
  });
  r.look("the password is in force", r.body?.status === "OK");
  r.look("the password is not in the answer", (r.body?.value ?? null) === null);

  v.browser = new http.CookieJar();
  v.state = chance(8) + chance(8);
  v.nonce = chance(8) + chance(8);
  r = send("Step 13: Send an authorization request", "GET", `${v.authPath}/${v.envID}/as/authorize?client_id=${v.AppWithPPID}&redirect_uri=https%3A%2F%2Fexample-shop.example.com%2Fcallback&response_type=code`, [302, 303], {
    jar: v.browser,
  });
  v.flowID = r.take("flowID", parameter(r.location, "flowId"));

  r = send("Step 14: Get the flow", "GET", `${v.authPath}/${v.envID}/flows/${v.flowID}`, [200], {
    jar: v.browser,
  });
  r.look("id is right", r.body?.id === v.flowID);
  r.look("the flow is USERNAME_PASSWORD_REQUIRED", r.body?.status === "USERNAME_PASSWORD_REQUIRED");
  r.look("the flow can be resumed", text(r.body?.resumeUrl).includes(v.flowID));
  r.look("the flow ends some time", text(r.body?.expiresAt) !== "");
  r.look("the flow takes usernamePassword.check", text(r.body?._links?.["usernamePassword.check"]?.href).includes(v.flowID));
  r.look("environment.id is right", r.body?.environment?.id === v.envID);

  r = send("Step 15: Submit login credentials", "POST", `${v.authPath}/${v.envID}/flows/${v.flowID}`, [200], {
    headers: { "Content-Type": "application/vnd.pingidentity.usernamePassword.check+json" },
    jar: v.browser,
    body: JSON.stringify({
      "password": v.userPassword,
      "username": `pingone-conformance-${v.runID}-anna`
    }),
  });
  r.look("id is right", r.body?.id === v.flowID);
  r.look("the flow is PROFILE_DATA_REQUIRED", r.body?.status === "PROFILE_DATA_REQUIRED");
  r.look("the flow can be resumed", text(r.body?.resumeUrl).includes(v.flowID));
  r.look("the flow ends some time", text(r.body?.expiresAt) !== "");
  r.look("the flow takes user.update", text(r.body?._links?.["user.update"]?.href).includes(v.flowID));
  r.look("_embedded.user.id is right", r.body?._embedded?.user?.id === v.progressiveProfileUserID);
  r.look("the person is asked for what the action names", text(r.body?._embedded?.attributes).includes("mobilePhone"));
  r.look("_embedded.promptText is right", r.body?._embedded?.promptText === "Please provide the following information.");

  r = send("Step 16: Update user profile", "POST", `${v.authPath}/${v.envID}/flows/${v.flowID}`, [200], {
    headers: { "Content-Type": "application/vnd.pingidentity.user.update+json" },
    jar: v.browser,
    body: JSON.stringify({
      "mobilePhone": "+1.5125551111"
    }),
  });
  r.look("id is right", r.body?.id === v.flowID);
  r.look("the flow is COMPLETED", r.body?.status === "COMPLETED");
  r.look("the flow can be resumed", text(r.body?.resumeUrl).includes(v.flowID));
  r.look("the flow ends some time", text(r.body?.expiresAt) !== "");
  r.look("_embedded.user.id is right", r.body?._embedded?.user?.id === v.progressiveProfileUserID);

  r = send("Step 17: Call the resume endpoint", "GET", `${v.authPath}/${v.envID}/as/resume?flowId=${v.flowID}`, [302, 303], {
    jar: v.browser,
  });
  v.authCode = r.take("authCode", parameter(r.location, "code"));
  r.look("the way leads back to the application", text(r.location).startsWith("https://example-shop.example.com/callback?"));

  r = send("Step 18: Get the access token", "POST", `${v.authPath}/${v.envID}/as/token`, [200], {
    headers: basic(v.AppWithPPID, v.AppWithPPSecret),
    body: { code: v.authCode, grant_type: "authorization_code", redirect_uri: "https://example-shop.example.com/callback" },
  });
  v.userAccessToken = r.take("userAccessToken", r.body?.access_token);
  r.look("the token is a bearer", text(r.body?.token_type).toLowerCase() === "Bearer".toLowerCase());
  r.look("it lives for a while", text(r.body?.expires_in) !== "");
  r.look("the access token is for the person", claims(r.body?.access_token)?.sub === v.progressiveProfileUserID);
  r.look("the access token is for the application", claims(r.body?.access_token)?.client_id === v.AppWithPPID);
  r.look("the access token is from here", claims(r.body?.access_token)?.iss === `${v.authPath}/${v.envID}/as`);
  r.look("the scope p1:read:user is granted", text(r.body?.scope).includes("p1:read:user"));

  r = send("Step 19: Verify updated user information", "GET", `${v.apiPath}/environments/${v.envID}/users/${v.progressiveProfileUserID}`, [200], {
    headers: worker(v),
  });
  r.look("id is right", r.body?.id === v.progressiveProfileUserID);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("username is right", r.body?.username === `pingone-conformance-${v.runID}-anna`);
  r.look("email is right", r.body?.email === `anna.${v.runID}@example.com`);
  r.look("name.given is right", r.body?.name?.given === "Anna");
  r.look("name.family is right", r.body?.name?.family === "Example");
  r.look("population.id is right", r.body?.population?.id === v.progressiveProfilePopID);
  r.look("the mobile phone number is the one that was given", text(r.body?.mobilePhone).includes("5125551111"));
}

// cleanUp deletes what was made, newest first, also after a failure.
function cleanUp(v) {
  if (v.progressiveProfileUserID) {
    remove(v, "Delete the user", `${v.apiPath}/environments/${v.envID}/users/${v.progressiveProfileUserID}`);
  }
  if (v.progressiveProfilePopID) {
    remove(v, "Delete the population", `${v.apiPath}/environments/${v.envID}/populations/${v.progressiveProfilePopID}`);
  }
  if (v.assignmentID) {
    remove(v, "Take the sign-on policy from the application", `${v.apiPath}/environments/${v.envID}/applications/${v.AppWithPPID}/signOnPolicyAssignments/${v.assignmentID}`);
  }
  if (v.ProgressiveProfilingPolicyID) {
    remove(v, "Delete the sign-on policy", `${v.apiPath}/environments/${v.envID}/signOnPolicies/${v.ProgressiveProfilingPolicyID}`);
  }
  if (v.AppWithPPID) {
    remove(v, "Delete the application", `${v.apiPath}/environments/${v.envID}/applications/${v.AppWithPPID}`);
  }
}
