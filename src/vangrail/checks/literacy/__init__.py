"""Do the people who work with AI know what they need to know: from a table of competences without names."""
