"""Leads over HTTP: on their way in, and in the inbox."""
