"""People: accounts, agencies, roles, areas, shifts and phones. Plain rows, no rule of a stage."""
