"""From what is asked, what was measured, answered and recorded, and a day: verdicts, a board, and what a gate lacks.

Nothing unknown ever counts as good, no total score exists, and nothing here decides: a named person does.
"""
