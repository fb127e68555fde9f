"""Console: the pages. A view asks the record one question, or makes one command."""
