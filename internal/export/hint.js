
// hint signs a login hint token with HS256.
function hint(v, application) {
  const now = Math.floor(Date.now() / 1000);
  const claimed = { iss: application, sub: v.userID, aud: `${v.authPath}/${v.envID}/as`, iat: now, exp: now + 300, jti: chance(8) + chance(8) };
  const unsigned = [{ alg: "HS256", typ: "JWT" }, claimed].map((part) => encoding.b64encode(JSON.stringify(part), "rawurl")).join(".");
  return `${unsigned}.${crypto.hmac("sha256", v.appSecret, unsigned, "base64rawurl")}`;
}
