"""Does the service work when people need it: from probes, or from the outages that were recorded."""
