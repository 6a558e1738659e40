"""What admins look after: settings, team, knowledge, webhooks, the audit record."""
