"""Commands that somebody sent to the whole list by mistake: a word of LISTSERV, or a sentence that asks to be taken off."""

from __future__ import annotations

import re

from junto.communities.models import Community
from junto.discussions.rules.words import own_words

MOST_OF_A_COMMAND = 100
MOST_WORDS_OF_A_WISH = 40
MOST_WORDS_BESIDE_A_SUBJECT = 8

_COMMANDS = ("unsubscribe", "un-subscribe", "subscribe", "signoff", "sign-off", "sign off", "remove me", "take me off")
_FILLERS = frozenset(
    [
        "me",
        "my",
        "address",
        "name",
        "from",
        "this",
        "the",
        "list",
        "mailing",
        "lists",
        "listserv",
        "email",
        "please",
        "thanks",
        "thank",
        "you",
        "all",
        "and",
    ]
)
_LIST = r"(?:list|lists|listserv|list ?serve?|mailing|mailings|distribution|distro|group|thread|chain|conversation|e-?mails?|messages|dl|community)"
_FROM_HERE = rf"(?:\s*(?:$|[.!,;?]|please\b|thanks?\b|asap\b|immediately\b|now\b)|\s+(?:from|off|of|to|on)(?:\s+of)?\s+(?:(?:\w+\s+){{0,4}}?{_LIST}\b|this\s*(?:$|[.!]))|\s+(?:this|the|your|these)\s+(?:\w+\s+){{0,2}}?{_LIST}\b)"
_WISHES = re.compile(
    "|".join(
        [
            rf"\b(?:un-?subscribe|remove|take|drop|delete|exclude)\s+(?:me|us|my (?:name|address|e-?mail(?: address)?)|this (?:e-?mail )?address)(?:\s+off)?{_FROM_HERE}",
            rf"\btake (?:me|us|my \w+) off\b{_FROM_HERE}",
            r"\bplease (?:un-?subscribe|opt me out)\b(?!\s+\w+\s+(?:users|people))",
            rf"\b(?:i|we) (?:would like|want|wish|need|prefer|asked|have asked|am trying|tried|'d like)(?: \w+)? to (?:un-?subscribe|opt out|leave|be (?:un-?subscribed|removed|taken off|dropped|deleted)){_FROM_HERE}",
            rf"\bhow (?:do|can|would|may) (?:i|we) (?:un-?subscribe|opt out|get off|leave|get (?:removed|taken off|unsubscribed)|stop (?:getting|receiving)){_FROM_HERE}",
            rf"\b(?:stop|quit) (?:sending|e-?mailing)(?: me| us)?{_FROM_HERE}|\bstop (?:sending me|e-?mailing me)\b",
            rf"\b(?:no longer|do not|don't|not) (?:wish|want|need)(?: \w+)? (?:to (?:receive|get|be on)|to be (?:included|copied))(?: \w+){{0,3}}? {_LIST}\b",
            rf"\bget me off\b{_FROM_HERE}",
            r"\bd(?:ar|[ée]n|eme|é)(?:me|nme)? de baja\b|\bdarme de baja\b|\bcancel(?:ar|en|e) mi su[bs]?scripci[oó]n\b|\bdesuscribir(?:me)?\b|\bdesusc?r[ií]banme\b",
            r"\b(?:elim[ií]n|b[oó]rr|qu[ií]t|s[aá]qu|ret[ií]r)(?:en|e|a)me de (?:esta|la|su|sus) (?:lista|correos?|distribuci[oó]n)\b|\bno (?:quiero|deseo) recibir m[aá]s (?:correos|mensajes|estos)",
            r"\bd[ée]s(?:inscri(?:re|vez|s)|abonne[rz]?)(?:[- ]moi)?\b|\bme d[ée]s(?:inscrire|abonner)\b",
            r"\b(?:retire[rz]|enleve[rz]|enlevez|supprime[rz]|[ôo]te[rz])[- ](?:moi|mon (?:nom|adresse)) de (?:cette|la|votre) liste\b|\bne (?:souhaite|veux|d[ée]sire) plus recevoir\b",
        ]
    ),
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:users?|people|subscribers?|customers?|citizens?|visitors?|recipients?|residents?|veterans?|taxpayers?|can-spam"
    r"|usuarios|clientes|utilisateurs|abonn[ée]s|(?:our|their|your) (?:newsletters?|bulletins?|sites?|websites?|members|forms?|pages?))\b",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^\s*(?:(?:re|fwd?|aw|rv|tr)\s*:\s*)+", re.IGNORECASE)


def asks_to_leave(subject: str, text: str, community: Community) -> str:
    """The words by which a letter to the list is a command or a wish to be taken off it; empty for a post."""
    words = own_words(text)
    if not words:
        bare = _REPLY.sub("", subject).strip()
        return bare if is_a_command(bare, community) or is_a_wish(bare) else ""
    if is_a_command(words, community) or is_a_wish(words):
        return words
    beside = len(words.split()) <= MOST_WORDS_BESIDE_A_SUBJECT and "?" not in words
    is_bare = not _REPLY.match(subject)
    return subject.strip() if beside and is_bare and is_a_command(subject, community) else ""


def is_a_command(words: str, community: Community) -> bool:
    """True where a command is the whole text: “Unsubscribe”, “please remove me from this list”, “SIGNOFF CX-COP”."""
    plain = " ".join(words.lower().removeprefix("please").split()).strip(" .!,*")
    command = next((c for c in _COMMANDS if plain == c or plain.startswith(f"{c} ")), None)
    if command is None or len(plain) > MOST_OF_A_COMMAND:
        return False
    rest = [word.strip(".,!") for word in plain.removeprefix(command).split()]
    own = {community.list_name.lower(), community.short_name.lower()}
    return bool(rest and rest[0] in own) or all(word in _FILLERS or word in own or "@" in word for word in rest)


def is_a_wish(words: str) -> bool:
    """True for a few sentences in which somebody asks to be taken off; not where they speak of other people's lists."""
    plain = " ".join(words.replace("’", "'").split())
    if len(plain.split()) > MOST_WORDS_OF_A_WISH:
        return False
    found = _WISHES.search(plain)
    return found is not None and not _OF_OTHERS.search(plain)
