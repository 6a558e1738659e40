"""The domain: what a conversation, a workspace and a claim are. Synchronous, typed, no I/O."""
