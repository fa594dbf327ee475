"""The site: a workspace for those who govern, a public register for those who are governed.

Only this part knows Django. Verdicts, law and figures come from the core and are never reckoned a second time.
"""
