"""Deciding about an application: advice, the gate that a named person opens or keeps shut, and the stop button."""
