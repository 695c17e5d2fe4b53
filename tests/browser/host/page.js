// A merchant's page: one button, and a record of what the modal told it.
window.told = [];
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  window.violations.push(`${violatedDirective} ${blockedURI}`);
});
window.link = (options = {}) => {
  const stripe = Stripe("pk_test_example");
  window.outcome = stripe.collectFinancialConnectionsAccounts({
    clientSecret: "fcsess_1SYd7mExample000000000001_secret_example",
    onEvent: (event) => window.told.push(event),
    ...options,
  });
};
document.getElementById("open").addEventListener("click", () => window.link(window.options));
