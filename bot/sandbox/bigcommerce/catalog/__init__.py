"""What the shop sells: categories, products and what lies in stock."""
