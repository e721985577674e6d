// A certified OpenID provider (oidc-provider) for the tests, on a port of its own, without a network.
// It reads one line of JSON, {port, clients, jwks: [first, second], stranger}, says "ready", and then takes lines of JSON:
// {account} is who signs in next, {keys: 0|1} rotates its keys, {publishes: "own"|"stranger"} what /jwks answers.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const told = JSON.parse((await lines.next()).value);
const issuer = `http://127.0.0.1:${told.port}`;
const scene = { account: { sub: "nobody" }, keys: 0, publishes: "own" };
const accounts = new Map();

const make = (keys) => {
  const provider = new Provider(issuer, {
    clients: told.clients,
    jwks: { keys: [keys] },
    scopes: ["openid", "email", "all_emails", "profile"],
    claims: { email: ["email", "email_verified"], all_emails: ["all_emails", "email_verified"], profile: ["name"] },
    acrValues: ["urn:acr.login.gov:auth-only"],
    pkce: { required: () => true },
    cookies: { keys: ["for tests only"] },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true },
    },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => accounts.get(sub) ?? { sub } }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  provider.on("server_error", (_, error) => console.error(error));
  return { provider, answer: provider.callback() };
};
const providers = told.jwks.map(make);

// Whoever comes to sign in is the account of the moment, and consents to all.
const interact = async ({ provider }, request, response) => {
  const { params, prompt } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    accounts.set(scene.account.sub, scene.account);
    return provider.interactionFinished(request, response, { login: { accountId: scene.account.sub } });
  }
  const { session } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
};

createServer((request, response) => {
  const current = providers[scene.keys];
  if (request.url.startsWith("/interaction/")) {
    interact(current, request, response).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  } else if (request.url === "/jwks" && scene.publishes === "stranger") {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [told.stranger] }));
  } else {
    current.answer(request, response);
  }
}).listen(told.port, "127.0.0.1", () => console.log("ready"));

for await (const line of lines) {
  Object.assign(scene, JSON.parse(line));
  console.log("done");
}
process.exit(0);
