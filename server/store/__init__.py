"""The database: its client, what repositories say to it, the embedded engine, writes in groups, pages."""
