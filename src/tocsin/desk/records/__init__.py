"""Records: models, migrations, queries and commands. The only room that touches rows."""
