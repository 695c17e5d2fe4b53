// Starts stripe-stateful-mock on a free loopback port; by itself it listens on every address of the machine.
"use strict";

const { createRequire } = require("node:module");
const { createExpressApp } = createRequire(`${process.argv[2]}/`)("stripe-stateful-mock");

const server = createExpressApp().listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
