"""Registry of the sources: the part of the address before `://`, and the class that opens it."""

SOURCES = {
    "folder": "tocsin.intake.sources.folder:FolderSource",
}
