"""The bot: finds passages for a question and has an answer written."""
