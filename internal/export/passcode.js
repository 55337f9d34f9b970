
// passcode waits for the one that was sent in this sign-on.
function passcode(v) {
  const response = http.get(`${v.outboxURL}?flow=${v.flowID}&newest=true&wait=10s`, { tags: { name: "outbox" } });
  const newest = response.status === 200 ? response.json()[0] : undefined;
  if (!check(response, { "a passcode was sent": () => newest?.otp })) {
    throw new Error(`no passcode in ${v.outboxURL}: ${response.status || response.error}`);
  }
  return newest.otp;
}
