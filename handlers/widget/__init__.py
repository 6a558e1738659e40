"""The widget over HTTP: its loader, its languages, whom it speaks to, its preview."""
