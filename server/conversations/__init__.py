"""Conversations: the journal of their logs, what follows from the logs, and the lists they are found in."""
