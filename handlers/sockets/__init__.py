"""Visitors and operators over WebSockets: what is read and sent, to whom, and how much of it."""
