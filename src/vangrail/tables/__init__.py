"""Opens a file or a database as one kind of table that answers standard SQL with totals only."""

from vangrail.tables.table import Table, open_table

__all__ = ["Table", "open_table"]
