"""Questions to a supplier, by a secret link: they answer without an account, and a person here takes over what they accept."""
