"""What every page shares: layout, style, words in two languages, numbers and dates as people here write them."""
