"""warn."""
