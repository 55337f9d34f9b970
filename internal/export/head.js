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
