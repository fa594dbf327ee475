"""Registering an application: in ten minutes by a short form, by import, or from a product card; and editing its card later."""
