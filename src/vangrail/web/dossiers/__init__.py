"""The dossier of an application to keep: as one HTML file, as an accessible PDF, as JSON."""
