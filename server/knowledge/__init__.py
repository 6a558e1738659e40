"""Knowledge: documents brought in, and cut into the passages the bot answers from."""
