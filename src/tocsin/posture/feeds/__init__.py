"""Registry of the units feeds: a kind's name, and the function that reads its messages."""

FEEDS = {
    "csv": "tocsin.posture.feeds.csv_table:parse",
    "eido": "tocsin.posture.feeds.eido:parse",
    "native": "tocsin.posture.feeds.native:parse",
}
