"""Whether small changes, turned cases and ill will bring a model off course."""
