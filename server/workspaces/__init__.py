"""Workspaces: what they decided, and the tags they put on conversations."""
