"""Webhooks: what happens in an organisation, told to an address that its administrator registered. Never a name, never a text
that somebody wrote: what happened, to which application, and where to look."""
