"""Visitors: who a widget's token belongs to, and what is known of them."""
