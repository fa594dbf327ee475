"""Work in the background: measurements, looking whether data changed, reminders. Progress is a row that a page reads."""
