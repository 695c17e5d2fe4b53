// A merchant's page as its author would write it: the official package, and nothing of ours.
import { loadStripe } from "/stripe-js/index.mjs";

const outcome = document.querySelector("#outcome");

async function begin() {
  const answer = await fetch("/sessions", { method: "POST" });
  const { clientSecret } = await answer.json();
  sessionStorage.setItem("clientSecret", clientSecret);
  return clientSecret;
}

async function link() {
  const clientSecret = sessionStorage.getItem("clientSecret") ?? (await begin());
  const stripe = await loadStripe("{key}");
  const result = await stripe.collectFinancialConnectionsAccounts({ clientSecret });
  sessionStorage.removeItem("clientSecret");
  outcome.textContent = JSON.stringify(result);
}

document.querySelector("#link").addEventListener("click", link);
// A page that was loaded again goes on with the Session it had begun.
if (sessionStorage.getItem("clientSecret")) link();
