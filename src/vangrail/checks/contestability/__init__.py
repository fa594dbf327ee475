"""Can people object, and does that lead to something: how objections were answered, from the records beside the card."""
