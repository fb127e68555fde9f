"""Registry of the channels: the name in a person's addresses, and the class that sends."""

CHANNELS = {
    "console": "tocsin.warn.channels.console:ConsoleChannel",
    "email": "tocsin.warn.channels.email:EmailChannel",
    "memory": "tocsin.warn.channels.memory:MemoryChannel",
    "print": "tocsin.warn.channels.print:PrintChannel",
    "push": "tocsin.warn.channels.push:PushChannel",
    "radio": "tocsin.warn.channels.radio:RadioChannel",
    "sms": "tocsin.warn.channels.sms:SmsChannel",
    "teletype": "tocsin.warn.channels.teletype:TeletypeChannel",
    "voice": "tocsin.warn.channels.voice:VoiceChannel",
    "webhook": "tocsin.warn.channels.webhook:WebhookChannel",
}
