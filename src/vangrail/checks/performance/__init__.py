"""Performance: whether the advice does better than what would do without it. AI is not always the answer."""
