"""What the application does to the work of the staff who use it: from anonymous surveys before and after."""
