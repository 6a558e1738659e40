"""What the last days brought, as words and charts."""
