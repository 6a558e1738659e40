"""Durable jobs: the outbox they are kept in, and the worker that does them."""
