"""What HELP says: each command in a line, and at length."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

HELP = [
    gettext_noop("SUBSCRIBE list: join a list."),
    gettext_noop("SIGNOFF list: leave a list. SIGNOFF *: leave all of them."),
    gettext_noop("SET list MAIL: each message. SET list DIGEST: a digest every day. SET list WEEKLY: one every week."),
    gettext_noop(
        "SET list NOMAIL: no mail, you read on the web. SET list NOREPRO: your own posts are not sent back to you."
    ),
    gettext_noop("HOLD list UNTIL 2026-12-24: no mail until that day. RESUME list: mail again now."),
    gettext_noop("QUERY list, or QUERY *: how you get mail."),
    gettext_noop("REVIEW list: who is a member. INFO list: what the list is for."),
    gettext_noop("LISTS, or LISTS words: the lists here."),
    gettext_noop(
        "HELP SET: more about SET, and so for every command. Put * for the list to mean all of yours. QUIT: read no more."
    ),
    gettext_noop("OK, as a reply: confirm what you asked for."),
]

TOPICS: dict[str, list[str]] = {
    "SUBSCRIBE": [
        gettext_noop("SUBSCRIBE list [your name] [DIGEST]: join a list. Also SUB and JOIN."),
        gettext_noop("A letter comes back that asks you to confirm; reply OK to it."),
        gettext_noop("Or send any mail to LIST-join@, and to LIST-digest@ to begin with a daily digest."),
    ],
    "SIGNOFF": [
        gettext_noop("SIGNOFF list: leave a list. SIGNOFF * leaves all of yours. Also UNSUBSCRIBE, UNSUB and LEAVE."),
        gettext_noop("Or send any mail to LIST-leave@, or use the link below any message of the list."),
    ],
    "SET": [
        gettext_noop(
            "SET list option…: change how you get a list; several options at once. SET * is for all of your lists."
        ),
        gettext_noop(
            "MAIL, DIGEST (or DAILY), WEEKLY, INDEX, NOMAIL: each message, a digest, an index of subjects, or nothing."
        ),
        gettext_noop("HTML, PLAIN, MIME: what a digest looks like. HOUR 7, MONDAY: when it comes."),
        gettext_noop("HOLD 2026-12-24: nothing until that day, then as before. HOLD OFF: mail again now."),
        gettext_noop(
            "REPRO, NOREPRO: whether your own posts come back to you. ACK, NOACK: whether you get a receipt for them."
        ),
        gettext_noop("CONCEAL, NOCONCEAL: whether the list of members names you."),
        gettext_noop(
            "Mailman’s words work, too: SET DELIVERY OFF, SET DIGEST PLAIN, SET ACK ON, SET HIDE ON, SET SHOW."
        ),
    ],
    "HOLD": [
        gettext_noop(
            "HOLD list UNTIL 2026-12-24: no mail of this list until that day, then it comes as before; at most a year."
        ),
        gettext_noop(
            "Days may be written as people write them: December 24, 24 Dec, 12/24, tomorrow, Monday, 2 weeks."
        ),
        gettext_noop("RESUME list: mail again now. PAUSE and VACATION are the same as HOLD."),
    ],
    "QUERY": [
        gettext_noop("QUERY list: everything that is set for you. QUERY * (or WHICH): for all of your lists. Also Q.")
    ],
    "REVIEW": [
        gettext_noop("REVIEW list: names and agencies of its members, for members. Also REV and WHO."),
        gettext_noop("Who has set CONCEAL is counted and not named. Managers get addresses."),
    ],
    "INFO": [gettext_noop("INFO list: what a list is for, who may join, its guidelines and its addresses.")],
    "LISTS": [gettext_noop("LISTS: the lists here. LISTS data science: those that have these words. Also LIST.")],
    "CONFIRM": [gettext_noop("CONFIRM code, or OK as a reply: confirm what a letter asked you about.")],
    "GET": [gettext_noop("GET and INDEX list: files and archives are on the web. The answer has the link.")],
    "HELP": [gettext_noop("HELP: all commands. HELP SET: more about one.")],
    "QUIT": [
        gettext_noop("QUIT, END or STOP: what stands below is not read. A signature after “-- ” is not read either.")
    ],
}

SAME_AS = {
    "SUB": "SUBSCRIBE",
    "JOIN": "SUBSCRIBE",
    "UNSUBSCRIBE": "SIGNOFF",
    "UNSUB": "SIGNOFF",
    "LEAVE": "SIGNOFF",
    "RESUME": "HOLD",
    "PAUSE": "HOLD",
    "VACATION": "HOLD",
    "Q": "QUERY",
    "WHICH": "QUERY",
    "WHO": "REVIEW",
    "REV": "REVIEW",
    "LIST": "LISTS",
    "OK": "CONFIRM",
    "INDEX": "GET",
    "END": "QUIT",
    "STOP": "QUIT",
}


def about(word: str) -> list[str]:
    """What HELP says of one command; empty where there is none of that name."""
    name = word.strip("\"'.,:;!?").upper()
    return [gettext(line) for line in TOPICS.get(SAME_AS.get(name, name), [])]
