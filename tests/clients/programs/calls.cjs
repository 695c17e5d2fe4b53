// What a program does with this API through the official package, of any year, printed as JSON.
//
// Run with the folder of the package, the address of a server, an API key, and the version to speak; an empty one
// is the version that the package pins. Lines on standard output ask for what a program cannot do, each answered by
// a line on standard input; the last one tells what was seen.

"use strict";

const readline = require("node:readline");

const [folder, server, key, version] = process.argv.slice(2);
const found = require(folder);
const Stripe = found.Stripe ?? found;
const address = new URL(server);
const stripe = new Stripe(key, {
  host: address.hostname,
  port: Number(address.port),
  protocol: "http",
  telemetry: false,
  ...(version ? { apiVersion: version } : {}),
});

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Let the test do something, and wait until it is done. */
async function ask(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
  await lines.next();
}

/** Return what the package throws, as a program looks at it. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return {
      class: error.type,
      has_request_id: error.requestId.startsWith("req_"),
      code: error.code ?? null,
      param: error.param ?? null,
      http_status: error.statusCode,
    };
  }
  return {};
}

/** Create, retrieve, list, page, expand, refresh and fail; return what was seen. */
async function main() {
  const { sessions, accounts } = stripe.financialConnections;
  const once = { idempotencyKey: "a customer" };
  const customer = await stripe.customers.create({ name: "Robin Park" }, once);
  const again = await stripe.customers.create({ name: "Robin Park" }, once);
  const speaks = customer.lastResponse.headers["stripe-version"];

  const account_holder = { type: "customer", customer: customer.id };
  const permissions = ["balances", "ownership", "payment_method", "transactions"];
  const filters = speaks >= "2026-09-30" ? { country: "US" } : { countries: ["US"] };
  const made = await sessions.create({ account_holder, permissions, filters });
  await ask({ link: made.client_secret });
  const session = await sessions.retrieve(made.id);

  const wanted = { account_holder: { customer: customer.id }, limit: 1 };
  const listed = await accounts.list(wanted);
  const walked = [];
  for await (const account of accounts.list(wanted)) {
    walked.push(account.id);
  }
  const started = await accounts.refresh(walked[0], { features: ["balance", "ownership", "transactions"] });
  await ask({ settle: walked[0] });
  const account = await accounts.retrieve(walked[0], { expand: ["ownership"] });
  const owners = await accounts.listOwners(walked[0], { ownership: account.ownership.id });
  // Releases before December 2023 know no transactions.
  const transactions = await stripe.financialConnections.transactions?.list({ account: walked[0], limit: 3 });
  const payment_method = await stripe.paymentMethods.create({
    type: "us_bank_account",
    us_bank_account: { financial_connections_account: walked[0] },
    billing_details: { name: "Robin Park" },
  });
  const token = await stripe.tokens.create({
    bank_account: { account_number: "000123456789", routing_number: "110000000", country: "US" },
  });
  const payment = await stripe.paymentIntents.create({
    amount: 5000,
    currency: "usd",
    payment_method: payment_method.id,
  });
  const payment_intent = await stripe.paymentIntents.confirm(payment.id);
  const setup = await stripe.setupIntents.create({
    payment_method_data: {
      type: "us_bank_account",
      us_bank_account: { account_number: "000123456789", routing_number: "110000000" },
      billing_details: { name: "Robin Park" },
    },
  });
  const setup_intent = await stripe.setupIntents.confirm(setup.id);
  const gone = await accounts.disconnect(walked.at(-1));
  return {
    version: session.lastResponse.headers["stripe-version"],
    is_replayed: again.id === customer.id && again.lastResponse.headers["idempotent-replayed"] === "true",
    collected: session.accounts.data.map((each) => each.id),
    page: [listed.data.length, listed.has_more],
    walked,
    started: [started.balance_refresh.status, started.ownership_refresh.status],
    ended: [account.balance_refresh.status, account.ownership_refresh.status],
    names: owners.data.map((owner) => owner.name),
    expanded: account.ownership.owners.data.map((owner) => owner.name),
    gone: [gone.id, gone.status],
    missing: await refusal(accounts.retrieve("fca_of_nobody")),
    wrong: await refusal(sessions.create({ account_holder, permissions: ["all"] })),
    shown: { customer, session, account, owners, transactions, payment_intent, payment_method, setup_intent, token },
    surprises: [],
  };
}

main().then((told) => {
  process.stdout.write(`${JSON.stringify({ told })}\n`);
  process.exit(0);
});
