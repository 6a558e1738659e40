"""The process: composes the application, and alone knows Mongo, mail, HTTP out and templates."""
