"""What a user can solve. Everything else is a bug and is let through."""


class VangrailError(Exception):
    """Something a user can solve: what is wrong and where, why it matters, and what to do.

    Shown without a traceback. Names files, columns, counts and rules; never a value from a row.
    """

    def __init__(self, what: str, *, why: str = "", do: str = "") -> None:
        super().__init__("\n".join(part for part in (what, why, do) if part))
        self.what, self.why, self.do = what, why, do
