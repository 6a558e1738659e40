"""Who somebody is here, and what they may change about themselves."""
