// The merchant's side of linking an account: ask our server for a Session, hand its
// client secret to the modal, then show what our server reads back.
"use strict";

const button = document.querySelector("[data-testid=shop-link]");
const notice = document.querySelector("[data-testid=shop-notice]");

function say(text) {
  notice.textContent = text;
}

async function openSession() {
  const answer = await fetch(document.body.dataset.sessions, { method: "POST" });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error.message);
  return body.clientSecret;
}

async function link() {
  if (typeof window.Stripe !== "function") {
    throw new Error("The account linking script could not be loaded. Reload the page to try again.");
  }
  const clientSecret = await openSession();
  const stripe = window.Stripe(document.body.dataset.key);
  const { financialConnectionsSession, error } = await stripe.collectFinancialConnectionsAccounts({ clientSecret });
  if (error) throw new Error(error.message);
  return financialConnectionsSession.accounts.length;
}

button.addEventListener("click", async () => {
  button.disabled = true;
  say("");
  try {
    if (await link()) {
      // What follows is told by the page that our server writes.
      location.hash = "linked";
      location.reload();
      return;
    }
    say("No account was linked, and nothing was shared. You can try again whenever you like.");
  } catch (error) {
    say(error.message);
  }
  button.disabled = false;
});

// The page comes back with what was linked: a reader starts there, not at its top.
if (location.hash === "#linked") document.getElementById("linked")?.focus();
