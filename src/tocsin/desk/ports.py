"""The port on which pages are served, taken before anything else is started."""

import socket

from tocsin.errors import SetupError


def listen_at(host: str, port: int) -> list[socket.socket]:
    """A socket on which pages can be served.

    Raises:
        SetupError: the port is taken, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Without it a small answer waits some 40 ms for the one before to be confirmed.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SetupError(
            f"Pages cannot be served on {host} port {port}: {error.strerror}.",
            way_out="Choose another port with --port, or stop what uses this one.",
        ) from error
    return [listener]
