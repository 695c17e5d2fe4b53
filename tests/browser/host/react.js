// A merchant's page in React, as Stripe's guide writes it, that draws itself again all the time.
const { createElement, StrictMode, useEffect, useState } = React;
const { Elements, useStripe } = ReactStripe;
const { loadStripe } = await import(document.body.dataset.stripeJs);

window.told = [];
window.violations = [];

function LinkButton() {
  const stripe = useStripe();
  const [drawn, setDrawn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setDrawn((count) => count + 1), 30);
    return () => clearInterval(timer);
  }, []);
  const link = () => {
    window.outcome = stripe.collectFinancialConnectionsAccounts({
      clientSecret: "fcsess_1SYd7mExample000000000001_secret_example",
    });
  };
  return createElement("button", { disabled: !stripe, onClick: link, "data-drawn": drawn }, "Link an account");
}

const stripe = loadStripe("pk_test_example");
const page = createElement(Elements, { stripe }, createElement(LinkButton, { key: "link" }));
ReactDOM.createRoot(document.getElementById("root")).render(createElement(StrictMode, null, page));
