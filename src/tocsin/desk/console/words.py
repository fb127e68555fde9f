"""How the pages say what the record holds: one word or sentence for each value."""

from tocsin.assess import Answer, Question, Role
from tocsin.desk.records.boards.told import Reach
from tocsin.read import Field, Form, Kind, Level, SpeechAct
from tocsin.warn import BulletinKind, Step

LEVELS = {
    Level.FLAG: "raised",
    Level.SUGGEST: "worth a look",
    Level.NONE: "nothing to raise",
}

LEVEL_SENTENCES = {
    Level.FLAG: "Raised on the board: the words reach the level at which a person is called.",
    Level.SUGGEST: "Worth a look: a person should read it. Nobody was called.",
    Level.NONE: "Nothing to raise.",
}

ACTS = {
    SpeechAct.OWN_THREAT: "own threat",
    SpeechAct.THIRD_PARTY_REPORT: "reports another's threat",
    SpeechAct.VICTIM_EVENT: "reports violence",
    SpeechAct.QUOTE_MEDIA: "quotes a song, film or game",
    SpeechAct.HYPERBOLE: "figure of speech",
    SpeechAct.RETRACTION: "takes a threat back",
    SpeechAct.SELF_HARM: "speaks of harming himself",
    SpeechAct.HYPOTHETICAL_FEAR: "fears what may happen",
    SpeechAct.OFFICER_NOTICE: "police or dispatch speaking",
    SpeechAct.OTHER: "no threat read",
}

ACT_SENTENCES = {
    SpeechAct.OWN_THREAT: "The caller himself threatens.",
    SpeechAct.THIRD_PARTY_REPORT: "The caller reports somebody else's threat.",
    SpeechAct.VICTIM_EVENT: "The caller reports violence that happened.",
    SpeechAct.QUOTE_MEDIA: "The caller quotes a song, a film, a game or the news.",
    SpeechAct.HYPERBOLE: "The violent words look like a figure of speech.",
    SpeechAct.RETRACTION: "The caller takes a threat back.",
    SpeechAct.SELF_HARM: "The caller speaks of harming himself.",
    SpeechAct.HYPOTHETICAL_FEAR: "The caller fears what somebody may do.",
    SpeechAct.OFFICER_NOTICE: "Police or dispatch are speaking, not a caller.",
    SpeechAct.OTHER: "No threat was read in these words.",
}

FORMS = {
    Form.DIRECT: "put directly",
    Form.CONDITIONAL: "tied to a condition",
    Form.VEILED: "veiled: the harm is not named outright",
    Form.INDIRECT: "put as a possibility",
    Form.NONE: "",
}

FIELDS = {
    Field.HARM: "What he says he will do",
    Field.TARGET: "Against whom",
    Field.CONDITION: "On which condition",
    Field.PLACE: "Where",
    Field.TIME: "When",
    Field.MEANS: "With what",
    Field.GRIEVANCE: "Why, as he puts it",
    Field.GROUP: "In whose name",
    Field.COMMITMENT: "How firmly he puts it",
    Field.ATTRIBUTION: "Words given to somebody else",
    Field.RETRACTION: "Taken back",
}

FIRST = (Field.TARGET, Field.HARM, Field.CONDITION, Field.PLACE, Field.TIME, Field.MEANS)
"""The fields in the order in which a person asks for them; the others follow."""

NOT_SAID = {
    Field.HARM: "what would be done",
    Field.TARGET: "against whom",
    Field.CONDITION: "a condition",
    Field.PLACE: "a place",
    Field.TIME: "a time",
    Field.MEANS: "a weapon",
    Field.GRIEVANCE: "a reason",
    Field.GROUP: "in whose name",
    Field.COMMITMENT: "how firmly",
    Field.ATTRIBUTION: "whose words",
    Field.RETRACTION: "that it is taken back",
}

KINDS = {
    Kind.ASR: "the recording",
    Kind.TRANSCRIPT: "a transcript",
    Kind.NOTE: "the call taker's note",
}

QUESTIONS = {
    Question.SPECIFIC: "Is it specific?",
    Question.CREDIBLE: "Is it credible?",
}

QUESTION_HELP = {
    Question.SPECIFIC: "Does it say who, whom, where, when or how?",
    Question.CREDIBLE: "Would he, and could he? Say what that rests on.",
}

ANSWERS = {Answer.YES: "yes", Answer.NO: "no", Answer.NOT_YET_KNOWN: "not yet known"}

REACHES = {
    Reach.NOT_REACHED: "not reached",
    Reach.UNSURE: "not known if it arrived",
    Reach.ON_THE_WAY: "on its way",
    Reach.SILENT: "sent, no answer",
    Reach.SEEN: "seen, no answer",
    Reach.ACKNOWLEDGED: "has it",
}

ROLES = {
    Role.CALL_TAKER: "call taker",
    Role.SUPERVISOR: "supervisor",
    Role.WATCH_COMMANDER: "watch commander",
    Role.OFFICER: "officer",
    Role.INVESTIGATOR: "investigator",
    Role.ADMINISTRATOR: "administrator",
}

BULLETINS = {
    BulletinKind.ALERT: "warning",
    BulletinKind.UPDATE: "update",
    BulletinKind.CORRECTION: "correction",
    BulletinKind.CANCEL: "cancellation",
}

ACKNOWLEDGED = {
    "link": "by the link in his message",
    "sms": "by text message",
    "voice": "by a key in a telephone call",
    "console": "on his own page",
    "supervisor": "told by other means",
}

HANDED = {
    "email": "handed to the mail server",
    "console": "shown on this machine only",
    "memory": "kept on this machine only",
    "sms": "taken by the gateway",
    "voice": "the gateway will call",
    "push": "taken by the push service",
    "webhook": "taken by the other program",
}
"""What a gateway's own word amounts to, by channel."""

MSG_TYPES = {
    "Alert": "alert",
    "Update": "update",
    "Cancel": "cancellation",
    "Ack": "acknowledgment",
    "Error": "answer that something could not be used",
}
"""What a CAP message does."""

SCOPES = {
    "Public": "everybody",
    "Restricted": "some alone",
    "Private": "those named alone",
}
"""For whom a CAP message is."""

CHANNELS = {
    "email": "e-mail",
    "console": "this machine's screen",
    "memory": "this machine's memory",
    "sms": "text message",
    "voice": "telephone call",
    "push": "notification",
    "webhook": "another program",
    "radio": "radio",
    "teletype": "teletype",
    "print": "paper",
}

STEPS = {
    Step.LIST: "he is put on the list",
    Step.SUPERVISOR: "his supervisor is told",
    Step.COMMANDER: "the watch commander is told",
    Step.DESK: "his agency's desk is to be called",
    Step.AIR: "it is to be read on the air",
}
"""What the next move of a ladder does."""
