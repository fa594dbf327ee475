"""Proxies: inputs that give away a protected characteristic, alone or together."""
