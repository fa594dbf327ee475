"""What points to people in the data: identifiers in columns and texts, and how many people look alike."""
