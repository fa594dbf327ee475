"""Quality of the data (principle 5): complete, representative, accurate, up to date, unique, agreed upon, minimal."""
