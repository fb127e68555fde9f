"""Registry of the channels: the name in a person's addresses, and the class that sends."""

CHANNELS = {
    "console": "tocsin.warn.channels.console:ConsoleChannel",
    "email": "tocsin.warn.channels.email:EmailChannel",
    "memory": "tocsin.warn.channels.memory:MemoryChannel",
}
