"""Webhooks: where they go, what they are told, and how their deliveries went."""
