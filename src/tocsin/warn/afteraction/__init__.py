"""The after-action report: every interval on record, measured, and who is missing.

Comes in: a `Story`, what is on record of one bulletin. Goes out: a `Report`, its sentences, and its
`Timeline`. Written and oral warnings are measured apart: a bulletin that was released at nine says
nothing of what was shouted down a corridor at eight. What has no time on record is not measured and
the report says so; nor is what the record holds in the wrong order, because clocks differ.
"""

from tocsin.warn.afteraction.lanes import Curve, Lane, Mark, Timeline, timeline
from tocsin.warn.afteraction.measuring import Interval, Missing, Report, after_action, measure
from tocsin.warn.afteraction.scoring import Score, score
from tocsin.warn.afteraction.story import End, Means, Sent, Spoken, Story, Version, Warned
from tocsin.warn.afteraction.telling import exact_time, in_words, sentences

__all__ = [
    "Curve",
    "End",
    "Interval",
    "Lane",
    "Mark",
    "Means",
    "Missing",
    "Report",
    "Score",
    "Sent",
    "Spoken",
    "Story",
    "Timeline",
    "Version",
    "Warned",
    "after_action",
    "exact_time",
    "in_words",
    "measure",
    "score",
    "sentences",
    "timeline",
]
