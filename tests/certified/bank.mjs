// A bank with a certified authorization server (oidc-provider) and a few FDX resources.
// Started as: node bank.mjs NODE_MODULES SETTINGS, where SETTINGS is JSON; says its address when it listens.
import { createHash, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import { pathToFileURL } from "node:url";

const [, , packages, told] = process.argv;
const library = (path) => import(pathToFileURL(`${packages}/${path}`).href);
const { default: Provider } = await library("oidc-provider/lib/index.js");
const { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } = await library("jose/dist/webapi/index.js");
const settings = JSON.parse(told);

// Certificates are asked for and looked at by whoever wants one: most profiles have none.
const { certificate: cert, key, client_certificate: ca } = settings;
const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: false });
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `https://127.0.0.1:${server.address().port}`;

const NONCE = "of-the-resources";
const digest = (data) => createHash("sha256").update(data).digest("base64url");
const shown = (socket) => socket.getPeerCertificate(true)?.raw;
const seen = {};
const note = (client, what) => {
  seen[client] ??= {};
  seen[client][what] = (seen[client][what] ?? 0) + 1;
};

const provider = new Provider(issuer, {
  clients: settings.clients,
  jwks: { keys: settings.keys },
  scopes: ["accounts"],
  cookies: { keys: ["of the tests"] },
  clientAuthMethods: [
    "none",
    "client_secret_basic",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
  ],
  pkce: { required: () => true },
  // Shorter than what is left of a token when it is renewed, so that every reading renews it.
  ttl: { AccessToken: 100, AuthorizationCode: 60, Grant: 3600, Interaction: 600, RefreshToken: 3600, Session: 600 },
  issueRefreshToken: () => true,
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    jwtResponseModes: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: true,
      getCertificate: (ctx) => {
        const raw = shown(ctx.req.socket);
        return raw && new X509Certificate(raw);
      },
      certificateAuthorized: (ctx) => ctx.req.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) =>
        property === "tls_client_auth_san_dns" &&
        ctx.req.socket.getPeerCertificate().subjectaltname === `DNS:${expected}`,
    },
    fapi: { enabled: true, profile: (_ctx, client) => (client?.clientId.startsWith("fapi2") ? "2.0" : undefined) },
  },
});
provider.on("pushed_authorization_request.success", (_ctx, client) => note(client.clientId, "pushed"));
provider.on("authorization.success", (ctx) => note(ctx.oidc.client.clientId, "authorized"));
provider.on("grant.success", (ctx) => note(ctx.oidc.client.clientId, ctx.oidc.params.grant_type));
provider.on("refresh_token.destroyed", (token) => note(token.clientId, "refresh_token_destroyed"));

/** Sign Sam in and share what is asked for, without a page. */
async function interact(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: "sam", clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId: "sam" }, consent });
}

/** Return why a request may not read, null if it may: RFC 6750, 9449 (section 7.1) and 8705 (section 3). */
async function problem(request) {
  const [scheme, value] = (request.headers.authorization ?? "").split(" ");
  const token = value && (await provider.AccessToken.find(value));
  if (!token) return "invalid_token";
  const bound = token["x5t#S256"];
  if (bound !== undefined && (!shown(request.socket) || digest(shown(request.socket)) !== bound)) {
    return "invalid_token";
  }
  if (token.jkt === undefined) return scheme === "Bearer" ? null : "invalid_token";
  if (scheme !== "DPoP") return "invalid_token";
  const { payload, protectedHeader } = await jwtVerify(request.headers.dpop ?? "", EmbeddedJWK, {
    typ: "dpop+jwt",
    maxTokenAge: 60,
  });
  if (payload.nonce !== NONCE) return "use_dpop_nonce";
  const isProof =
    payload.htm === request.method &&
    payload.htu === issuer + request.url.split("?")[0] &&
    payload.ath === digest(value) &&
    (await calculateJwkThumbprint(protectedHeader.jwk)) === token.jkt;
  return isProof ? null : "invalid_dpop_proof";
}

const ACCOUNT = {
  accountId: "a1",
  accountCategory: "DEPOSIT_ACCOUNT",
  accountType: "CHECKING",
  accountNumberDisplay: "****6789",
  productName: "Certified Checking",
  currency: { currencyCode: "USD" },
};
const RESOURCES = {
  "/fdx/accounts": { accounts: [ACCOUNT] },
  "/fdx/accounts/a1": { ...ACCOUNT, currentBalance: 1234.5, balanceAsOf: "2026-01-01T00:00:00Z" },
  "/fdx/accounts/a1/contact": { holders: [{ name: { first: "Sam", last: "Okafor" } }] },
  "/fdx/accounts/a1/payment-networks": { paymentNetworks: [] },
};

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function read(request, response) {
  const why = await problem(request).catch(() => "invalid_dpop_proof");
  if (why === null) {
    const found = RESOURCES[request.url.split("?")[0]];
    answer(response, found ? 200 : 404, found ?? { code: 701, message: "unknown" });
  } else {
    const challenge = { "www-authenticate": `DPoP error="${why}"`, "dpop-nonce": NONCE };
    answer(response, 401, { code: 602, message: why }, challenge);
  }
}

const callback = provider.callback();
server.on("request", (request, response) => {
  if (request.url.startsWith("/fdx/")) read(request, response);
  else if (request.url.startsWith("/interaction/")) interact(request, response);
  else if (request.url === "/seen") answer(response, 200, seen);
  else callback(request, response);
});
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
