"""The form of a message to the public: empty at first, and never filled from a call."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from tocsin.desk.people.models import Area
from tocsin.desk.records.publishing import Proposal
from tocsin.warn.cap import Handling, IpawsChoice, Judgement, PublicText

Choices = list[tuple[str, str]]

EVENTS: Choices = [
    ("LEW", "LEW, law enforcement warning"),
    ("CDW", "CDW, civil danger warning"),
    ("CEM", "CEM, civil emergency message"),
    ("LAE", "LAE, local area emergency"),
    ("SPW", "SPW, shelter in place"),
    ("EVI", "EVI, evacuate at once"),
    ("TOE", "TOE, 911 is out of order"),
    ("BLU", "BLU, Blue Alert: only by the Blue Alert card"),
]
CARRIERS: Choices = [
    ("EAS", "Radio and television (EAS)"),
    ("CMAS", "Phones (WEA)"),
    ("NWEM", "Weather radio (NWEM)"),
    ("PUBLIC", "The public feed of IPAWS"),
    ("CAPEXCH", "Other alerting groups"),
]
URGENCY: Choices = [
    ("Immediate", "act at once"),
    ("Expected", "act within the hour"),
    ("Future", "act later"),
    ("Past", "it is over"),
    ("Unknown", "not known"),
]
SEVERITY: Choices = [
    ("Extreme", "extreme danger to life"),
    ("Severe", "severe danger to life"),
    ("Moderate", "possible danger to life"),
    ("Minor", "little danger"),
    ("Unknown", "not known"),
]
CERTAINTY: Choices = [
    ("Observed", "it is happening, or did"),
    ("Likely", "likely, more than even"),
    ("Possible", "possible"),
    ("Unlikely", "unlikely"),
    ("Unknown", "not known"),
]
RESPONSES: Choices = [
    ("Shelter", "stay inside"),
    ("Evacuate", "leave the area"),
    ("Avoid", "keep away"),
    ("Monitor", "watch for news"),
    ("Prepare", "get ready"),
    ("Execute", "do as the text says"),
    ("Assess", "judge for yourself"),
    ("AllClear", "all clear"),
    ("None", "nothing"),
]
CATEGORIES: Choices = [
    ("Safety", "public safety"),
    ("Security", "police and security"),
    ("Rescue", "rescue"),
    ("Fire", "fire"),
    ("Health", "health"),
    ("Infra", "telephones, power, water"),
    ("Transport", "roads and transport"),
    ("Other", "other"),
]
ORIGINATORS: Choices = [
    ("CIV", "CIV, civil authorities"),
    ("PEP", "PEP"),
    ("EAS", "EAS"),
    ("WXR", "WXR"),
]
LASTS: Choices = [
    ("", "as long as the bulletin"),
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
    ("480", "8 hours"),
]


def _words(most: int) -> forms.CharField:
    return forms.CharField(required=False, max_length=most)


def _choice(choices: Choices, missing: str) -> forms.ChoiceField:
    """One of these; none is chosen for anybody."""
    return forms.ChoiceField(
        choices=[("", "choose"), *choices], error_messages={"required": missing}
    )


class PublicForm(forms.Form):
    """What a person writes for the public; the names are those on the page."""

    change = _words(1000)
    event = _words(120)
    headline = _words(300)
    description = _words(4000)
    instruction = _words(4000)
    contact = _words(300)
    web = _words(300)
    es_event = _words(120)
    es_headline = _words(300)
    es_description = _words(4000)
    es_instruction = _words(4000)
    urgency = _choice(URGENCY, "Choose how soon people must act.")
    severity = _choice(SEVERITY, "Choose how grave it is.")
    certainty = _choice(CERTAINTY, "Choose how sure it is.")
    response = _choice(RESPONSES, "Choose what people are to do.")
    category = _choice(CATEGORIES, "Choose what it is about.")
    lasts = forms.ChoiceField(choices=LASTS, required=False)
    areas = forms.ModelMultipleChoiceField(
        queryset=Area.objects.none(), required=False, to_field_name="key"
    )
    ipaws = forms.BooleanField(required=False)
    code = forms.ChoiceField(choices=[("", "choose"), *EVENTS], required=False)
    originator = forms.ChoiceField(choices=ORIGINATORS, required=False)
    group = _words(10)
    agency = _words(120)
    carriers = forms.MultipleChoiceField(choices=CARRIERS, required=False)
    handling = forms.ChoiceField(
        choices=[("", "none"), *((one.value, one.value) for one in Handling)], required=False
    )
    short = _words(200)
    long = _words(800)
    es_short = _words(200)
    es_long = _words(800)
    counties = _words(400)

    def __init__(self, *given: Any, areas: Iterable[Area], zone: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self._zone = zone
        self.fields["areas"].queryset = Area.objects.filter(  # type: ignore[attr-defined]
            pk__in=[area.pk for area in areas]
        )

    def clean_web(self) -> str:
        """An address of the web, or nothing."""
        text = str(self.cleaned_data["web"]).strip()
        if text and not re.fullmatch(r"https?://[!-~]{3,290}", text):
            raise forms.ValidationError(f"{text!r} is no address. Write it whole, with https://.")
        return text

    def clean_counties(self) -> str:
        """Codes of six digits, apart by spaces or commas."""
        codes = re.findall(r"[^\s,]+", str(self.cleaned_data["counties"]))
        wrong = [code for code in codes if not re.fullmatch(r"[0-9]{6}", code)]
        if wrong:
            raise forms.ValidationError(f"{wrong[0]!r} is no SAME code: those have six digits.")
        return " ".join(codes)

    def clean(self) -> dict[str, Any]:
        """What IPAWS needs is there where it is written for IPAWS."""
        facts = self.cleaned_data
        if facts.get("ipaws"):
            if not facts.get("code"):
                self.add_error("code", "Choose the event code: none is chosen for you.")
            if not re.fullmatch(r"[0-9]{1,10}", facts.get("group", "")):
                self.add_error("group", "Write the number of your IPAWS group.")
            if not facts.get("agency"):
                self.add_error("agency", "Write the name under which IPAWS knows you.")
        return facts

    def proposal(self) -> Proposal:
        """All that was typed and chosen."""
        facts = self.cleaned_data
        judgement = Judgement(
            urgency=facts["urgency"],
            severity=facts["severity"],
            certainty=facts["certainty"],
            response=facts["response"],
            category=facts["category"],
        )
        texts = [self._text("", "en-US")]
        if any(facts[f"es_{name}"] for name in ("event", "headline", "description")):
            texts.append(self._text("es_", "es-US"))
        return Proposal(
            texts=tuple(texts),
            judgement=judgement,
            areas=tuple(sorted(area.key for area in facts["areas"])),
            minutes=int(facts["lasts"]) if facts["lasts"] else None,
            change=self._plain("change"),
            web=facts["web"],
            contact=self._plain("contact"),
            ipaws=self._ipaws() if facts["ipaws"] else None,
            counties=tuple(facts["counties"].split()) if facts["ipaws"] else (),
        )

    def faults(self) -> list[str]:
        """What has yet to be typed or chosen, as sentences."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def _text(self, before: str, language: str) -> PublicText:
        is_ipaws = self.cleaned_data["ipaws"]
        return PublicText(
            event=self._line(f"{before}event"),
            headline=self._line(f"{before}headline"),
            description=self._plain(f"{before}description"),
            instruction=self._plain(f"{before}instruction"),
            short=self._line(f"{before}short") if is_ipaws else "",
            long=self._line(f"{before}long") if is_ipaws else "",
            language=language,
        )

    def _ipaws(self) -> IpawsChoice:
        facts = self.cleaned_data
        carriers = set(facts["carriers"])
        return IpawsChoice(
            event_code=facts["code"],
            organisation=facts["originator"] or "CIV",
            operator=facts["group"],
            agency=facts["agency"],
            # IPAWS lets through what is not blocked: all that nobody ticked is blocked.
            blocked=tuple(key for key, _ in CARRIERS if key not in carriers),
            handling=Handling(facts["handling"]) if facts["handling"] else None,
            timezone=self._zone,
        )

    def _line(self, name: str) -> str:
        return " ".join(str(self.cleaned_data[name]).split())

    def _plain(self, name: str) -> str:
        return str(self.cleaned_data[name]).replace("\r\n", "\n").strip()


def typed_from(proposal: Proposal) -> dict[str, Any]:
    """The fields of the form as this proposal would have filled them; what changed is left out."""
    ipaws = proposal.ipaws
    blocked = ipaws.blocked if ipaws else ()
    fields: dict[str, Any] = {
        "urgency": proposal.judgement.urgency,
        "severity": proposal.judgement.severity,
        "certainty": proposal.judgement.certainty,
        "response": proposal.judgement.response,
        "category": proposal.judgement.category,
        "areas": list(proposal.areas),
        "lasts": str(proposal.minutes or ""),
        "web": proposal.web,
        "contact": proposal.contact,
        "counties": " ".join(proposal.counties),
        "ipaws": ipaws is not None,
        "carriers": [key for key, _ in CARRIERS if ipaws and key not in blocked],
    }
    if ipaws:
        handling = ipaws.handling.value if ipaws.handling else ""
        fields |= {"code": ipaws.event_code, "group": ipaws.operator, "agency": ipaws.agency}
        fields |= {"originator": ipaws.organisation, "handling": handling}
    for text in proposal.texts:
        before = "es_" if text.language.startswith("es") else ""
        for name in ("event", "headline", "description", "instruction", "short", "long"):
            fields[f"{before}{name}"] = getattr(text, name)
    return fields
