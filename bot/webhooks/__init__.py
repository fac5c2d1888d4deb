"""BigCommerce's webhooks: setting them up in the store, and the secret that they come with."""
