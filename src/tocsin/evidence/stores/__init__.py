"""Registry of the stores: the part of the address before `://`, and the class that opens it."""

STORES = {
    "disk": "tocsin.evidence.stores.disk:DiskStore",
}
