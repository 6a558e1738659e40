"""Clean-up: conversations deleted, with all that goes with them, whatever happens on the way."""
