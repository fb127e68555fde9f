"""API: HTTP in and out for machines. Calls come in here; CAP messages go out."""
