"""Finds in the lines of a letter what its author did not write: the original below a reply, and phone signatures.

What mail programs put above an original comes in four kinds, in each reader's language: a sentence ("On Monday Ben wrote:"),
a block of From, Sent, To and Subject, a rule with words ("-----Original Message-----"), and marks before each line.
Every line is looked at a few times, and long ones not at all, so the time is in line with the length of the letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 400
MOST_WRAPPED = 4
MOST_HEADERS = 14
_LABELS = {
    "from": "from von de da van från fra lähettäjä от od kimden feladó 发件人 寄件者 寄件人 差出人 送信者 보낸사람 보낸이 발신",
    "date": "sent date gesendet datum envoyé enviado enviada fecha data inviato verzonden skickat sendt dato lähetetty päiväys "
    "päivämäärä отправлено дата wysłano 发送时间 发送日期 日期 時間 寄件日期 傳送時間 送信日時 日時 日付 보낸날짜 보낸시간 날짜",
    "to": "to an à a para aan till til vastaanottaja кому do 收件人 收件者 宛先 받는사람 수신",
    "copy": "cc kopie kopia kopi copie копия 抄送 副本 참조 reply-to",
    "subject": "subject betreff objet asunto assunto oggetto onderwerp ämne emne aihe тема temat konu 主题 主旨 主題 件名 제목 importance",
}
_KINDS = {word: kind for kind, words in _LABELS.items() for word in words.split()}
_LABEL = re.compile(r"^[*_\s]{0,20}([^\W\d_](?:[\w\- ]{0,24}[^\W_])?)[*_ ]{0,4}[:：]")
_VERBS = (
    r"wrote|writes|said|schrieb|schrieben|écrit|escribió|escreveu|scritto|scrisse|schreef|geschreven|skrev|kirjoitti|"
    r"написал[аи]?|пишет|napisał\(?a?\)?|napsal|yazdı|írta|έγραψε|写道|寫道|书写|書きました|작성|썼습니다"
)
_WROTE = re.compile(
    rf"(?<!\w)(?:{_VERBS})(?!\w).{{0,120}}[:：]\s*$|(?:写道|寫道|書きました|작성)\s*[:：]?\s*$", re.IGNORECASE
)
_WROTE_BARE = re.compile(rf"@[^<>]{{1,200}}>\s*(?:{_VERBS})\s*$", re.IGNORECASE)
_VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?!\w)", re.IGNORECASE)
_OPENS = re.compile(
    r"^\W{0,4}(?:on|le|am|el|em|no|il|in data|op|den|på|pe|dnia|dne|ti|ma|ke|to|pe|la|su|em|às|在|於|\d{1,4}[.\-/年년]|\d{1,2} \w{1,12}\.? \d{4}|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?|\w+,)\s?",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}")
_COLONS = (":", "：")
_MAY_END = (*_COLONS, "道", "た", "성")
"""How a sentence like “Ben wrote:” ends, unless it has an address in brackets: one character spares most searches."""
_BY_ADDRESS = re.compile(r"[<\[(]\s?(?:mailto:)?[^<>@\s]{1,100}@[^<>@\s]{1,200}\s?[>\])].{0,30}[:：]\s*$")
_RULE_WITH_WORDS = re.compile(
    r"^\s{0,8}[-_=*]{2,}\s{0,3}(?:original|reply|ursprüngliche|message d|mensaje original|mensagem original|messaggio originale|"
    r"oorspronkelijk|ursprungligt|oprindelig|opprinnelig|alkuperäinen|исходное|пересылаемое исходное|wiadomość oryginalna|"
    r"原始邮件|原始郵件|元のメッセージ|オリジナル|원본).{0,40}[-_=*]{2,}\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^\W{0,60}(?=[bfwdmeivaпн转轉転전])(?:begin(?:ning of)? )?(?:forwarded (?:message|by)|weitergeleitete nachricht|anfang der weitergeleiteten|message transféré|"
    r"début du message (?:transféré|réexpédié)|mensaje reenviado|inicio del mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|"
    r"messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd|vidarebefordrat|vidarebefordrade|videresendt|"
    r"välitetty viesti|пересылаемое сообщение|начало переадресованного|转发的(?:邮件|消息)|轉寄的郵件|転送(?:された)?メッセージ|전달된 메(?:일|시지))",
    re.IGNORECASE,
)
_LINE = re.compile(r"^\s{0,8}[_\-=*]{5,}\s*$")
_PHONE = re.compile(
    r"^\W{0,4}(?=[spgevdilotо発发來從내나])(?:(?:sent|posted) (?:from|via|with|by|using)\b|get outlook for\b|envoyé (?:de|depuis|à partir|avec)\b|"
    r"enviad[oa] (?:desde|do|da|de|a partir|con|com|via)\b|(?:von meinem|von unterwegs|diese nachricht wurde von meinem)\b.{0,60}gesendet|"
    r"gesendet (?:von|mit|über)\b|inviato (?:da|con|dal)\b|verstuurd (?:vanaf|vanuit|met)\b|verzonden (?:vanaf|van|met|vanuit)\b|"
    r"skickat från\b|sendt (?:fra|med|via)\b|lähetetty\b|отправлено (?:с|из|от)\b|発信元|发自我的|來自我的|從我的|iphoneから送信|"
    r"내 .{0,20}에서 보냄|나의 .{0,20}에서 보냄|télécharge[rz] outlook|obtener outlook|outlook für .{0,20} beziehen)",
    re.IGNORECASE,
)
_LONGEST_PHONE = 90
_TORN = re.compile(rf"^\s?>\s?(?:{_VERBS})?\s?[:：]\s*$", re.IGNORECASE)


def is_phone_signature(line: str) -> bool:
    """“Sent from my iPhone”, in the languages of the phones."""
    return len(line) <= _LONGEST_PHONE and _PHONE.match(line) is not None


def is_torn(line: str) -> bool:
    """The end of “Ben <ben@epa.gov> wrote:” that was wrapped before its bracket, and is no quoted line."""
    return len(line) <= _LONGEST_PHONE and line.rstrip().endswith(_COLONS) and _TORN.match(line) is not None


def is_forward(line: str) -> bool:
    """A line that mail programs put above a message which is passed on."""
    return len(line) <= LONGEST and _FORWARD.match(line) is not None


def attribution_before(lines: Sequence[str], end: int) -> int:
    """How many lines, blank ones included, a sentence like “On Monday Ben wrote:” takes at the end of lines[:end]; 0 for none."""
    last = end
    while last and not lines[last - 1].strip():
        last -= 1
    found = 0
    for count in range(1, min(MOST_WRAPPED, last) + 1):
        told = lines[last - count : last]
        if not told[0].strip():
            break
        if _is_attribution(told):
            found = found or (end - last + count if _is_whole(told[0]) else 0)
            if _begins_with_opener(told):
                return end - last + count
    return found


def original_at(lines: Sequence[str], is_quoted: Sequence[bool], *, has_gaps: bool = True) -> int:
    """Where an original begins that runs to the end of the letter; the number of lines where there is none.

    Not where nothing stands above it: then it was passed on, and is the point of the letter. `has_gaps` is False for lines
    of HTML, whose paragraphs have no blank lines between them.
    """
    last_quoted = next((n for n in range(len(lines) - 1, -1, -1) if is_quoted[n]), -1)
    has_own = False
    for place, line in enumerate(lines):
        if is_quoted[place] or not line.strip() or len(line) > LONGEST:
            has_own = has_own or (bool(line.strip()) and not is_quoted[place])
            continue
        if is_forward(line):
            break
        begins = _begins(lines, place, last_quoted < place, has_gaps)
        if begins and has_own:
            return _with_line_above(lines, place)
        if begins:
            break
        has_own = has_own or not (_LINE.match(line) or is_phone_signature(line))
    return len(lines)


def _begins(lines: Sequence[str], place: int, has_no_marks: bool, has_gaps: bool) -> bool:
    line = lines[place]
    if _RULE_WITH_WORDS.match(line) or _is_header_block(lines, place):
        return True
    return has_no_marks and _is_sure_attribution(lines, place, has_gaps)


def _with_line_above(lines: Sequence[str], place: int) -> int:
    """The place of the rule that stands above an original, if there is one."""
    above = place - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    return above if above > 0 and _LINE.match(lines[above]) else place


def _kind(line: str) -> str:
    """Which field of a header a line begins; empty for none."""
    begin = line[:80]
    if ":" not in begin and "：" not in begin:
        return ""
    found = _LABEL.match(begin)
    if not found:
        return ""
    words = found[1].lower().split()
    joined = "".join(words)
    return _KINDS.get(joined, "") or (_KINDS.get(words[0], "") if len(words) <= 2 else "")


def _is_header_block(lines: Sequence[str], place: int) -> bool:
    """Whether From with a date or a subject, and one more, begin here, each on its own line or wrapped."""
    first = _kind(lines[place])
    if first not in ("from", "date"):
        return False
    kinds = {first}
    strange = 0
    for line in lines[place + 1 : place + MOST_HEADERS]:
        kind = _kind(line) if line.strip() else "blank"
        strange = 0 if kind and kind != "blank" else strange + 1
        if strange > 2:
            break
        kinds.add(kind)
    kinds -= {"", "blank"}
    return "from" in kinds and bool(kinds & {"date", "subject"}) and len(kinds) >= 3


def _is_attribution(told: Sequence[str]) -> bool:
    if any(len(line) > LONGEST for line in told):
        return False
    text = " ".join([line.strip() for line in told])
    end = text[-200:]
    may_end = text.rstrip().endswith(_MAY_END)
    if may_end and _WROTE.search(end):
        return True
    if ">" in end and _WROTE_BARE.search(end) and _DATED.search(text):
        return True
    return may_end and bool(_DATED.search(text)) and bool(_BY_ADDRESS.search(text[-LONGEST:]))


def _is_whole(line: str) -> bool:
    """Whether one line alone may be the sentence: somebody is named in it before the verb, or by address."""
    found = _VERB.search(line)
    return bool(line[: found.start()].strip(" >*_") if found else "@" in line)


def _begins_with_opener(told: Sequence[str]) -> bool:
    """Whether the first line begins as such sentences do, and has their date."""
    return bool(_OPENS.match(told[0][:60])) and bool(_DATED.search(told[0]) or _DATED.search(" ".join(told[:2])))


def _is_sure_attribution(lines: Sequence[str], place: int, has_gaps: bool) -> bool:
    """A sentence with a date, from its first word to its colon: sure enough where no marks follow."""
    if has_gaps and place and lines[place - 1].strip() and not _LINE.match(lines[place - 1]):
        return False
    has_bracket = False
    for count, last in enumerate(lines[place : place + MOST_WRAPPED], 1):
        if not last.strip():
            return False
        has_bracket = has_bracket or ">" in last
        if not has_bracket and not last.rstrip().endswith(_MAY_END):
            continue
        told = lines[place : place + count]
        if _is_attribution(told) and _DATED.search(text := " ".join(told)):
            return _begins_with_opener(told) or ("@" in text and bool(_DATED.search(told[0])))
    return False
