"""Worker: the jobs (hear, read, deliver), the one-second sweep, and the loop that runs both.

Every job may run twice and may be killed anywhere: what it has done is in the record, and what it
has not is found again, by the queue when the worker stops answering, and by the sweep.
"""
