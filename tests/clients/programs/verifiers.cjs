/* Verifies what endpoints were sent, with Stripe's package and with that of Standard Webhooks.

   Run with the folders of both; each line on standard input is one request, answered by one line. */
"use strict";

const [, , stripeFolder, standardFolder] = process.argv;
const { Webhook } = require(standardFolder);
const stripe = new (require(stripeFolder))("sk_test_verifier");

function passes(verify) {
  try {
    return verify().id.startsWith("evt_");
  } catch {
    return false;
  }
}

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { body, signature, standard, secret } = JSON.parse(line);
    const raw = Buffer.from(body, "base64").toString("utf8");
    const told = [
      passes(() => stripe.webhooks.constructEvent(raw, signature, secret)),
      passes(() => new Webhook(secret).verify(raw, standard)),
    ];
    process.stdout.write(`${JSON.stringify(told)}\n`);
  });
