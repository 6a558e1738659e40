"""Analytics: events, and what is counted of them."""
