"""Every write to the record: one function each, named by a verb.

A command checks the right, writes the rows, appends the log entry and defers the jobs, all in one
transaction: no row without its entry, none without the job it needs.
"""
