"""The edge: decode, authorise, tell, answer."""
