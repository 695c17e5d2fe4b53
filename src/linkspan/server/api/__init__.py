"""HTTP in Stripe's shape, translated to operations and back."""
