"""The desk: the Django project around the stages, with its people, records, pages and worker."""
