"""What the pages about the law say, beside what every page says."""
