"""How well series are forecast, and how well warnings announce what comes."""
