"""Conversations over HTTP: lists, one of them, taking over, tags, clean-up."""
