"""Can everyone use the pages: what an automated scan found, from the file that it wrote."""
