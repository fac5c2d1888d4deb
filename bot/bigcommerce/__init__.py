"""BigCommerce: the only place that knows its JSON and speaks HTTP to it."""
