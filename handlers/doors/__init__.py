"""What is seen without a session: signing in, the first run, invitations, the front page."""
