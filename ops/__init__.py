"""Scripts for those who run and change Baton."""
