"""Talking about a requirement: comments that call on colleagues, who looks into it by when, and documents."""
