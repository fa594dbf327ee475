"""Benefits: whether what was promised was followed up, and delivered."""
