"""Energy: what one use costs in electricity, emissions and water, and whether a lighter way would do as well."""
