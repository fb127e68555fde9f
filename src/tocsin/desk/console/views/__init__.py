"""The views, one module per page: each asks the record, or makes one command."""
