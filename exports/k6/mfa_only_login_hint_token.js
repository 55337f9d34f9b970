// Chloe confirms a delivery with a passcode alone
//
// The published list: https://developer.pingidentity.com/pingone-api/workflow-library/multi-factor-authentication/configure-an-mfa-only-flow-using-a-login-hint-token.html
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
  ["devicePhone", "+1.5125550101", "where the passcode goes"],
  ["outboxURL", "", "where passcodes are read, as the emulator shows them"],
];

// How long each step of the published list takes.
const trends = {
  "Step 1: Create an application": new Trend("step_01_create_an_application", true),
  "Step 2: Get the application secret": new Trend("step_02_get_the_application_secret", true),
  "Step 3: Get all resources": new Trend("step_03_get_all_resources", true),
  "Step 4: Get all scopes": new Trend("step_04_get_all_scopes", true),
  "Step 5: Create the resource access grant": new Trend("step_05_create_the_resource_access_grant", true),
  "Step 6: Create the new sign-on policy": new Trend("step_06_create_the_new_sign_on_policy", true),
  "Step 7: Create the SMS MFA sign-on policy action": new Trend("step_07_create_the_sms_mfa_sign_on_policy_action", true),
  "Step 8: Assign the sign-on policy to an application": new Trend("step_08_assign_the_sign_on_policy_to_an_application", true),
  "Step 9: Create a population": new Trend("step_09_create_a_population", true),
  "Step 10: Create a user": new Trend("step_10_create_a_user", true),
  "Step 11: Set user password": new Trend("step_11_set_user_password", true),
  "Step 12: Enable user MFA": new Trend("step_12_enable_user_mfa", true),
  "Step 13: Create an SMS MFA device": new Trend("step_13_create_an_sms_mfa_device", true),
  "Step 14: Send an authorization request with a login hint token": new Trend("step_14_send_an_authorization_request_with_a_login_hint_token", true),
  "Step 15: Submit the one-time passcode": new Trend("step_15_submit_the_one_time_passcode", true),
  "Step 16: Call the resume endpoint": new Trend("step_16_call_the_resume_endpoint", true),
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

// passcode waits for the one that was sent in this sign-on.
function passcode(v) {
  const response = http.get(`${v.outboxURL}?flow=${v.flowID}&newest=true&wait=10s`, { tags: { name: "outbox" } });
  const newest = response.status === 200 ? response.json()[0] : undefined;
  if (!check(response, { "a passcode was sent": () => newest?.otp })) {
    throw new Error(`no passcode in ${v.outboxURL}: ${response.status || response.error}`);
  }
  return newest.otp;
}

// hint signs a login hint token with HS256.
function hint(v, application) {
  const now = Math.floor(Date.now() / 1000);
  const claimed = { iss: application, sub: v.userID, aud: `${v.authPath}/${v.envID}/as`, iat: now, exp: now + 300, jti: chance(8) + chance(8) };
  const unsigned = [{ alg: "HS256", typ: "JWT" }, claimed].map((part) => encoding.b64encode(JSON.stringify(part), "rawurl")).join(".");
  return `${unsigned}.${crypto.hmac("sha256", v.appSecret, unsigned, "base64rawurl")}`;
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
      "name": `pingone-conformance ${v.runID} Example Courier`,
      "protocol": "OPENID_CONNECT",
      "redirectUris": [
        "https://example-courier.example.com/callback"
      ],
      "responseTypes": [
        "CODE"
      ],
      "tokenEndpointAuthMethod": "CLIENT_SECRET_BASIC",
      "type": "WEB_APP"
    }),
  });
  v.appID = r.take("appID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.appID));
  r.look("enabled comes back", r.body?.enabled === true);
  r.look("grantTypes.0 comes back", r.body?.grantTypes?.[0] === "AUTHORIZATION_CODE");
  r.look("name comes back", r.body?.name === `pingone-conformance ${v.runID} Example Courier`);
  r.look("protocol comes back", r.body?.protocol === "OPENID_CONNECT");
  r.look("redirectUris.0 comes back", r.body?.redirectUris?.[0] === "https://example-courier.example.com/callback");
  r.look("responseTypes.0 comes back", r.body?.responseTypes?.[0] === "CODE");
  r.look("tokenEndpointAuthMethod comes back", r.body?.tokenEndpointAuthMethod === "CLIENT_SECRET_BASIC");
  r.look("type comes back", r.body?.type === "WEB_APP");
  r.look("the secret is not in the answer", (r.body?.secret ?? null) === null);
  r.look("nor under another name", (r.body?.clientSecret ?? null) === null);

  r = send("Step 2: Get the application secret", "GET", `${v.apiPath}/environments/${v.envID}/applications/${v.appID}/secret`, [200], {
    headers: worker(v),
  });
  v.appSecret = r.take("appSecret", r.body?.secret);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);

  r = send("Step 3: Get all resources", "GET", `${v.apiPath}/environments/${v.envID}/resources`, [200], {
    headers: worker(v),
  });
  v.openidResourceID = r.take("openidResourceID", r.body?._embedded?.resources?.find((item) => item.name === "openid")?.id);

  r = send("Step 4: Get all scopes", "GET", `${v.apiPath}/environments/${v.envID}/resources/${v.openidResourceID}/scopes`, [200], {
    headers: worker(v),
  });
  v.openidScopeID = r.take("openidScopeID", r.body?._embedded?.scopes?.find((item) => item.name === "openid")?.id);
  v.profileScopeID = r.take("profileScopeID", r.body?._embedded?.scopes?.find((item) => item.name === "profile")?.id);

  r = send("Step 5: Create the resource access grant", "POST", `${v.apiPath}/environments/${v.envID}/applications/${v.appID}/grants`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "resource": {
        "id": v.openidResourceID
      },
      "scopes": [
        {
          "id": v.openidScopeID
        },
        {
          "id": v.profileScopeID
        }
      ]
    }),
  });
  v.grantID = r.take("grantID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.grantID));
  r.look("resource.id comes back", r.body?.resource?.id === v.openidResourceID);
  r.look("scopes has 2 items", r.body?.scopes?.length === 2);

  r = send("Step 6: Create the new sign-on policy", "POST", `${v.apiPath}/environments/${v.envID}/signOnPolicies`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "default": false,
      "description": "Passcode only, made by pingone-conformance",
      "name": `pingone-conformance-${v.runID}-Passcode-only`
    }),
  });
  v.signOnPolicyID = r.take("signOnPolicyID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.signOnPolicyID));
  r.look("description comes back", r.body?.description === "Passcode only, made by pingone-conformance");
  r.look("name comes back", r.body?.name === `pingone-conformance-${v.runID}-Passcode-only`);

  r = send("Step 7: Create the SMS MFA sign-on policy action", "POST", `${v.apiPath}/environments/${v.envID}/signOnPolicies/${v.signOnPolicyID}/actions`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "email": {
        "enabled": false
      },
      "priority": 5,
      "sms": {
        "enabled": true
      },
      "type": "MULTI_FACTOR_AUTHENTICATION"
    }),
  });
  v.mfaActionID = r.take("mfaActionID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.mfaActionID));
  r.look("priority comes back", r.body?.priority === 5);
  r.look("type comes back", r.body?.type === "MULTI_FACTOR_AUTHENTICATION");

  r = send("Step 8: Assign the sign-on policy to an application", "POST", `${v.apiPath}/environments/${v.envID}/applications/${v.appID}/signOnPolicyAssignments`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "priority": 10,
      "signOnPolicy": {
        "id": v.signOnPolicyID
      }
    }),
  });
  v.assignmentID = r.take("assignmentID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.assignmentID));
  r.look("priority comes back", r.body?.priority === 10);
  r.look("signOnPolicy.id comes back", r.body?.signOnPolicy?.id === v.signOnPolicyID);

  r = send("Step 9: Create a population", "POST", `${v.apiPath}/environments/${v.envID}/populations`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "description": "Recipients, made by pingone-conformance",
      "name": `pingone-conformance ${v.runID} Recipients`
    }),
  });
  v.popID = r.take("popID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.popID));
  r.look("description comes back", r.body?.description === "Recipients, made by pingone-conformance");
  r.look("name comes back", r.body?.name === `pingone-conformance ${v.runID} Recipients`);

  r = send("Step 10: Create a user", "POST", `${v.apiPath}/environments/${v.envID}/users`, [201], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "email": `chloe.${v.runID}@example.com`,
      "name": {
        "family": "Example",
        "given": "Chloe"
      },
      "population": {
        "id": v.popID
      },
      "username": `pingone-conformance-${v.runID}-chloe`
    }),
  });
  v.userID = r.take("userID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.userID));
  r.look("email comes back", r.body?.email === `chloe.${v.runID}@example.com`);
  r.look("name.family comes back", r.body?.name?.family === "Example");
  r.look("name.given comes back", r.body?.name?.given === "Chloe");
  r.look("population.id comes back", r.body?.population?.id === v.popID);
  r.look("username comes back", r.body?.username === `pingone-conformance-${v.runID}-chloe`);
  r.look("there is no mobile phone number yet", (r.body?.mobilePhone ?? null) === null);

  r = send("Step 11: Set user password", "PUT", `${v.apiPath}/environments/${v.envID}/users/${v.userID}/password`, [200], {
    headers: { ...worker(v), "Content-Type": "application/vnd.pingidentity.password.set+json" },
    body: JSON.stringify({
      "forceChange": false,
      "value": v.userPassword
    }),
  });
  r.look("the password is in force", r.body?.status === "OK");
  r.look("the password is not in the answer", (r.body?.value ?? null) === null);

  r = send("Step 12: Enable user MFA", "PUT", `${v.apiPath}/environments/${v.envID}/users/${v.userID}/mfaEnabled`, [200, 204], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "mfaEnabled": true
    }),
  });
  if (r.status !== 204) {
    r.look("MFA is enabled", r.body?.mfaEnabled === true);
  }

  r = send("Step 13: Create an SMS MFA device", "POST", `${v.apiPath}/environments/${v.envID}/users/${v.userID}/devices`, [201, 200], {
    headers: { ...worker(v), "Content-Type": "application/json" },
    body: JSON.stringify({
      "phone": v.devicePhone,
      "type": "SMS"
    }),
  });
  v.deviceID = r.take("deviceID", r.body?.id);
  r.look("environment.id is right", r.body?.environment?.id === v.envID);
  r.look("it links itself", text(r.body?._links?.self?.href).includes(v.deviceID));
  r.look("type comes back", r.body?.type === "SMS");
  r.look("the device is ready for use", r.body?.status === "ACTIVE");
  r.look("user.id is right", r.body?.user?.id === v.userID);

  v.browser = new http.CookieJar();
  v.state = chance(8) + chance(8);
  v.nonce = chance(8) + chance(8);
  v.loginHintToken = hint(v, v.appID);
  r = send("Step 14: Send an authorization request with a login hint token", "GET", `${v.authPath}/${v.envID}/as/authorize?client_id=${v.appID}&login_hint_token=${v.loginHintToken}&nonce=${v.nonce}&redirect_uri=https%3A%2F%2Fexample-courier.example.com%2Fcallback&response_mode=pi.flow&response_type=code&scope=openid%20profile&state=${v.state}`, [200], {
    jar: v.browser,
  });
  v.flowID = r.take("flowID", r.body?.id);
  r.look("id is right", r.body?.id === v.flowID);
  r.look("the flow is OTP_REQUIRED", r.body?.status === "OTP_REQUIRED");
  r.look("the flow can be resumed", text(r.body?.resumeUrl).includes(v.flowID));
  r.look("the flow ends some time", text(r.body?.expiresAt) !== "");
  r.look("the flow takes otp.check", text(r.body?._links?.["otp.check"]?.href).includes(v.flowID));
  r.look("the passcode goes to the person's device", text(r.body?._embedded?.devices).includes(v.deviceID));
  r.look("the address of the device is masked", r.body?._embedded?.devices !== undefined && !text(r.body?._embedded?.devices).includes(v.devicePhone));

  v.otp = passcode(v);
  r = send("Step 15: Submit the one-time passcode", "POST", `${v.authPath}/${v.envID}/flows/${v.flowID}`, [200], {
    headers: { "Content-Type": "application/vnd.pingidentity.otp.check+json" },
    jar: v.browser,
    body: JSON.stringify({
      "otp": v.otp
    }),
  });
  r.look("id is right", r.body?.id === v.flowID);
  r.look("the flow is COMPLETED", r.body?.status === "COMPLETED");
  r.look("the flow can be resumed", text(r.body?.resumeUrl).includes(v.flowID));
  r.look("the flow ends some time", text(r.body?.expiresAt) !== "");
  r.look("_embedded.user.id is right", r.body?._embedded?.user?.id === v.userID);

  r = send("Step 16: Call the resume endpoint", "GET", `${v.authPath}/${v.envID}/as/resume?flowId=${v.flowID}`, [200], {
    jar: v.browser,
  });
  v.authCode = r.take("authCode", r.body?.authorizeResponse?.code);
  r.look("authorizeResponse.state is right", r.body?.authorizeResponse?.state === v.state);

  r = send("Get an access token", "POST", `${v.authPath}/${v.envID}/as/token`, [200], {
    headers: basic(v.appID, v.appSecret),
    body: { code: v.authCode, grant_type: "authorization_code", redirect_uri: "https://example-courier.example.com/callback" },
  });
  v.userAccessToken = r.take("userAccessToken", r.body?.access_token);
  r.look("the token is a bearer", text(r.body?.token_type).toLowerCase() === "Bearer".toLowerCase());
  r.look("it lives for a while", text(r.body?.expires_in) !== "");
  r.look("the access token is for the person", claims(r.body?.access_token)?.sub === v.userID);
  r.look("the access token is for the application", claims(r.body?.access_token)?.client_id === v.appID);
  r.look("the access token is from here", claims(r.body?.access_token)?.iss === `${v.authPath}/${v.envID}/as`);
  r.look("the scope openid is granted", text(r.body?.scope).includes("openid"));
  r.look("the scope profile is granted", text(r.body?.scope).includes("profile"));
  r.look("the ID token is about the person", claims(r.body?.id_token)?.sub === v.userID);
  r.look("the ID token is for the application", text(claims(r.body?.id_token)?.aud).includes(v.appID));
  r.look("the ID token is from here", claims(r.body?.id_token)?.iss === `${v.authPath}/${v.envID}/as`);
  r.look("the ID token has not expired", claims(r.body?.id_token)?.exp > Date.now() / 1000);
  r.look("the nonce comes back", claims(r.body?.id_token)?.nonce === v.nonce);
  r.look("the ID token says how the person signed on", text(claims(r.body?.id_token)?.amr) !== "");
  r.look("the ID token names no password", claims(r.body?.id_token)?.amr !== undefined && !text(claims(r.body?.id_token)?.amr).includes("pwd"));

  r = send("Read the discovery document", "GET", `${v.authPath}/${v.envID}/as/.well-known/openid-configuration`, [200], {
    jar: v.browser,
  });
  r.look("issuer is right", r.body?.issuer === `${v.authPath}/${v.envID}/as`);
  r.look("jwks_uri is right", r.body?.jwks_uri === `${v.authPath}/${v.envID}/as/jwks`);
  r.look("token_endpoint is right", r.body?.token_endpoint === `${v.authPath}/${v.envID}/as/token`);

  r = send("Read the signing keys", "GET", `${v.authPath}/${v.envID}/as/jwks`, [200], {
    jar: v.browser,
  });
  r.look("there is a key", text(r.body?.keys?.[0]?.kty) !== "");
}

// cleanUp deletes what was made, newest first, also after a failure.
function cleanUp(v) {
  if (v.userID) {
    remove(v, "Delete the user", `${v.apiPath}/environments/${v.envID}/users/${v.userID}`);
  }
  if (v.popID) {
    remove(v, "Delete the population", `${v.apiPath}/environments/${v.envID}/populations/${v.popID}`);
  }
  if (v.assignmentID) {
    remove(v, "Take the sign-on policy from the application", `${v.apiPath}/environments/${v.envID}/applications/${v.appID}/signOnPolicyAssignments/${v.assignmentID}`);
  }
  if (v.signOnPolicyID) {
    remove(v, "Delete the sign-on policy", `${v.apiPath}/environments/${v.envID}/signOnPolicies/${v.signOnPolicyID}`);
  }
  if (v.appID) {
    remove(v, "Delete the application", `${v.apiPath}/environments/${v.envID}/applications/${v.appID}`);
  }
}
