"""What the channels that speak HTTP share: a wall, an exchange, templates, what a status means.

The one module that plug-ins may import beside the stage; it is no plug-in itself. Nothing here
follows a redirect, keeps a cookie, reads a proxy from the environment, or believes an answer.
"""

from tocsin.warn.channels.http.exchange import Lines, Reply, Request
from tocsin.warn.channels.http.gateway import Gateway
from tocsin.warn.channels.http.meaning import require_taken, sentence_of
from tocsin.warn.channels.http.wall import Wall, wall_from

__all__ = [
    "Gateway",
    "Lines",
    "Reply",
    "Request",
    "Wall",
    "require_taken",
    "sentence_of",
    "wall_from",
]
