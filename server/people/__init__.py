"""People: accounts, sessions, members of teams, and the ways in."""
