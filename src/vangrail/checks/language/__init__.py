"""How plain the Dutch is of what people outside the service read."""
