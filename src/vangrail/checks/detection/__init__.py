"""How well images are recognised, class by class."""
