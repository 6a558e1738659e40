"""Leads: taken, numbered, listed, read, and told of."""
