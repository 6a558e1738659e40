"""What Baton costs, measured."""
