"""Mail: letters, and the transports that carry them."""
