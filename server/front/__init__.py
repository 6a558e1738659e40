"""The front end as it is served: pages, scripts, styles, and their words in every language."""
