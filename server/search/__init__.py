"""Search: conversations and leads by any of their words."""
