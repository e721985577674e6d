import json
import re
from html import unescape

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junto.mail import reading
from junto.mail.shown import show

FOLD = '<details class="j-quote"><summary>Show quoted text</summary>'


def test_trailing_quotation_is_folded_with_its_attribution():
    html = show("Yes.\n\nOn Monday Ben wrote:\n> Is it?\n", "")
    assert html == f"<p>Yes.</p>{FOLD}<p>On Monday Ben wrote:</p><blockquote><p>Is it?</p></blockquote></details>"


def test_short_quotation_between_answers_stays_open():
    assert "<details" not in show("> Is it?\nYes.", "")


def test_text_is_escaped_and_links_are_safe():
    html = show('<script>x</script> https://epa.gov/?a=1&b="2" javascript:alert(1)', "")
    assert "<script" not in html
    assert 'href="https://epa.gov/?a=1&amp;b="' in html
    assert 'href="javascript' not in html


def test_signature_is_set_apart():
    assert show("Hi\n-- \nBen\nEPA", "") == '<p>Hi</p><div class="j-signature"><p>Ben<br>EPA</p></div>'


def test_columns_keep_their_blanks():
    assert show("a    b\n1    2", "").startswith("<pre>")


def test_quotations_of_html_are_folded_once():
    html = show("", '<p>Yes</p><blockquote type="cite"><p>a</p><blockquote type="cite">b</blockquote></blockquote>')
    assert html.count(FOLD) == html.count("</details>") == 1
    assert html.startswith("<p>Yes</p>" + FOLD)


def test_images_leave_their_words():
    assert show("", '<p><img src="https://spy.example/x.gif" alt="Our <b> team"></p>') == "<p>Our &lt;b&gt; team</p>"


def test_scripts_and_styles_are_gone():
    html = show("", '<p onclick="x()" style="a:b">ok<script>x()</script></p><a href="javascript:x()">y</a>')
    assert html == '<p>ok</p><a rel="noopener noreferrer nofollow">y</a>'


@pytest.mark.parametrize(
    "text",
    [
        "> quoted line\n" * 50_000,
        "On " + "a " * 50_000,
        "@@@@" * 250_000,
        "a.a.a." * 170_000,
        "https://" * 100_000,
        ">" * 500_000,
        "\n \n" * 200_000,
        "-- \n" * 100_000,
    ],
)
def test_text_made_to_stall_a_reader_is_shown_to_its_end(text):
    """What takes quadratic time here takes an hour."""
    page = show(f"{text}\nThe last line.", "")
    assert "The last line." in page


def test_deep_html_is_shown():
    html = show("", "<div>" * 20_000 + "x")
    assert "x" in nh3.clean(html)


def words_of(page):
    return unescape(re.sub(r"<[^<>]*>", " ", page)).split()


def visible(page):
    """What is read without a click, signatures left out."""
    page = re.sub(r'<details class="j-quote">.*?</details>', " ", page, flags=re.DOTALL)
    return " ".join(words_of(re.sub(r'<div class="j-signature">.*?</div>', " ", page, flags=re.DOTALL)))


@pytest.mark.parametrize(
    "told",
    [
        "On Tue, Nov 3, 2026 at 9:15 AM Ben Brooks <ben@epa.gov> wrote:",
        "On Tue, Nov 3, 2026 at 9:15 AM Benjamin Bartholomew Brooks via CX-COP <\ncx-cop.reply.1-2@lists.gov> wrote:",
        "On Tue, Nov 3, 2026 at 9:15 AM Ben Brooks <ben@epa.gov\n> wrote:",
        "On 3 Nov 2026, at 09:15, Ben Brooks\n<ben@epa.gov>\nwrote:",
        "On 11/3/26 9:15 AM, Ben Brooks wrote:",
        "El mar, 3 nov 2026 a las 9:15, Ben Brooks (<ben@epa.gov>) escribió:",
        "Le mar. 3 nov. 2026 à 09:15, Ben Brooks <ben@epa.gov> a écrit :",
        "Am Di., 3. Nov. 2026 um 09:15 Uhr schrieb Ben Brooks <ben@epa.gov>:",
        "Ben Brooks <ben@epa.gov> schrieb am Di., 3. Nov. 2026 um 09:15\nUhr:",
        "Em ter., 3 de nov. de 2026 às 09:15, Ben Brooks <ben@epa.gov> escreveu:",
        "Il giorno mar 3 nov 2026 alle ore 09:15 Ben Brooks <ben@epa.gov> ha scritto:",
        "Op di 3 nov 2026 om 09:15 schreef Ben Brooks <ben@epa.gov>:",
        "Op 3 nov. 2026 om 09:15 heeft Ben Brooks <ben@epa.gov> het volgende geschreven:",
        "Den tis 3 nov. 2026 kl 09:15 skrev Ben Brooks <ben@epa.gov>:",
        "Den 3. nov. 2026 kl. 09.15 skrev Ben Brooks <ben@epa.gov>:",
        "ti 3. marrask. 2026 klo 9.15 Ben Brooks (ben@epa.gov) kirjoitti:",
        "вт, 3 нояб. 2026 г. в 09:15, Ben Brooks <ben@epa.gov>:",
        "3 ноября 2026 г., 9:15, Ben Brooks написал:",
        "在 2026年11月3日，上午9:15，Ben Brooks <ben@epa.gov> 写道：",
        "2026年11月3日(火) 9:15 Ben Brooks <ben@epa.gov>:",
        "2026년 11월 3일 (화) 오전 9:15, Ben Brooks <ben@epa.gov>님이 작성:",
        "wt., 3 lis 2026 o 09:15 Ben Brooks <ben@epa.gov> napisał(a):",
    ],
)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_stands_below_wrote_is_folded_in_every_language(told, mark):
    page = show(f"Yes, weekly.\n\nCleo\n\n{told}\n\n{mark}How do you\n{mark}measure?\n", "")
    assert visible(page) == "Yes, weekly. Cleo"
    assert "measure?" in page


@pytest.mark.parametrize(
    "head",
    [
        "From: Ben Brooks <ben@epa.gov>\nSent: Tuesday, November 3, 2026 9:15 AM\nTo: cx-cop\nSubject: Wait times",
        "________________________________\nFrom: Ben Brooks\nSent: Tuesday\nTo: cx-cop\nSubject: Wait times",
        "-----Original Message-----\nFrom: Ben Brooks\nSent: Tuesday\nTo: cx-cop\nSubject: Wait times",
        "*From:* Ben Brooks\n*Sent:* Tuesday\n*To:* cx-cop\n*Subject:* Wait times",
        "From: Ben Brooks <ben@epa.gov>\nDate: Tuesday at 9:15\nTo: cx-cop, somebody\n  else\nSubject: Wait times",
        "De: Ben Brooks\nEnviado el: martes\nPara: cx-cop\nAsunto: Esperas",
        "De : Ben Brooks\nEnvoyé : mardi\nÀ : cx-cop\nObjet : Attente",
        "Von: Ben Brooks\nGesendet: Dienstag\nAn: cx-cop\nBetreff: Wartezeit",
        "-----Ursprüngliche Nachricht-----\nVon: Ben Brooks\nGesendet: Dienstag\nAn: cx-cop\nBetreff: Wartezeit",
        "De: Ben Brooks\nEnviada em: terça\nPara: cx-cop\nAssunto: Espera",
        "Da: Ben Brooks\nInviato: martedì\nA: cx-cop\nOggetto: Attesa",
        "Van: Ben Brooks\nVerzonden: dinsdag\nAan: cx-cop\nOnderwerp: Wachten",
        "Från: Ben Brooks\nSkickat: tisdag\nTill: cx-cop\nÄmne: Vänta",
        "Fra: Ben Brooks\nSendt: tirsdag\nTil: cx-cop\nEmne: Vente",
        "Lähettäjä: Ben Brooks\nLähetetty: tiistai\nVastaanottaja: cx-cop\nAihe: Odotus",
        "От: Ben Brooks\nОтправлено: вторник\nКому: cx-cop\nТема: Очередь",
        "发件人: Ben Brooks\n发送时间: 2026年\n收件人: cx-cop\n主题: 等待",
        "差出人: Ben Brooks\n送信日時: 2026年\n宛先: cx-cop\n件名: 待ち時間",
        "보낸 사람: Ben Brooks\n보낸 날짜: 2026\n받는 사람: cx-cop\n제목: 대기",
    ],
)
def test_original_of_outlook_is_folded_in_every_language(head):
    page = show(f"Yes, weekly.\n\nCleo\n\n{head}\n\nHow do you measure?\n\nBen\n", "")
    assert visible(page) == "Yes, weekly. Cleo"
    html = "".join(f"<p>{line}</p>" for line in head.replace("<", "&lt;").split("\n"))
    assert visible(show("", f"<div><p>Yes, weekly.</p><p>Cleo</p><div><div>{html}</div></div><p>How?</p></div>")) == (
        "Yes, weekly. Cleo"
    )


@pytest.mark.parametrize(
    "html",
    [
        '<div>Yes.</div><div class="gmail_quote"><div class="gmail_attr">On Tue Ben wrote:<br></div><blockquote>How?</blockquote></div>',
        '<div>Yes.</div><div><blockquote type="cite"><div>On Nov 3, Ben wrote:</div>How?</blockquote></div>',
        '<div>Yes.</div><div class="moz-cite-prefix">On 11/3/26 9:15 AM, Ben wrote:<br></div><blockquote type="cite">How?</blockquote>',
        '<div>Yes.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Ben<br></div><div>How?</div>',
        "<div class=WordSection1><p>Yes.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Ben<br>"
        "<b>Sent:</b> Tue<br><b>To:</b> cx<br><b>Subject:</b> x</p></div></div><p>How?</p></div>",
        '<div>Yes.</div><div class="yahoo_quoted"><div>On Tuesday Ben wrote:</div><div>How?</div></div>',
        "<div>Yes.</div><div>On Tue, Nov 3, 2026 at 9:15 AM Ben &lt;ben@epa.gov&gt; wrote:</div><blockquote>How?</blockquote>",
        '<table><tr><td>Yes.</td></tr><tr><td><div id="divRplyFwdMsg">From: Ben</div><p>How?</p></td></tr></table>',
    ],
)
def test_original_of_every_mail_program_is_folded_in_html(html):
    page = show("", html)
    assert visible(page) == "Yes."
    assert "How?" in page
    assert page.count("<details") == page.count("</details>") == 1


def test_answer_below_a_quotation_is_seen():
    html = '<div class="gmail_quote"><blockquote>How?</blockquote></div><div>Weekly.</div>'
    assert visible(show("", html)) == "Weekly."
    assert visible(show("On Tue Ben wrote:\n> How?\n> And why?\n> And when?\n\nWeekly.", "")) == "Weekly."


def test_answers_between_quoted_lines_are_seen():
    page = show("On Tue Ben wrote:\n> How?\n\nWeekly.\n\n> And why?\n\nBecause.\n", "")
    assert visible(page) == "On Tue Ben wrote: How? Weekly. And why? Because."


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("From: Ben\nSent: Tuesday\nTo: cx\nSubject: News\n\nThe news.\n", ""),
        ("FYI\n\n---------- Forwarded message ---------\nFrom: Ben\nDate: Tue\nSubject: x\n\nThe news.\n", ""),
        ("Begin forwarded message:\n\nFrom: Ben\nDate: Tue\nSubject: x\n\nThe news.\n", ""),
        ("> The news.\n> All of it.\n> Really.\n", ""),
        ("", '<div id="divRplyFwdMsg"><b>From:</b> Ben<br></div><div>The news.</div>'),
        (
            "",
            '<div>FYI</div><div class="gmail_quote"><div>---------- Forwarded message ---------<br></div>The news.</div>',
        ),
        ("", '<blockquote type="cite"><div>The news.</div></blockquote>'),
    ],
)
def test_what_is_passed_on_is_the_point_and_stays_open(text, html):
    assert "news." in visible(show(text, html))
    assert "<details" not in show(text, html)


@pytest.mark.parametrize(
    "text",
    [
        "As the office wrote:\nsend it by Friday.\n\nI agree.",
        "From: here to there\nis a long way.",
        "Subject: to change.\nDate: open.\n\nSee you.",
        "Agenda\n\nDate: Tuesday\nTo: discuss budgets\nPlace: room 3",
        "On Monday I wrote a note. It said: nothing.",
        "-----\nA heading\n-----\nText.",
        "Sent from the front desk we get forty letters a day, and each of them has to be answered within a week or so.",
    ],
)
def test_own_words_that_only_look_alike_stay_open(text):
    assert visible(show(text, "")) == " ".join(text.split())


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPad",
        "Von meinem iPhone gesendet",
        "Inviato da iPhone",
        "Verzonden vanaf mijn Galaxy",
        "Skickat från min iPhone",
        "Отправлено с iPhone",
        "发自我的iPhone",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
        "Sent via the Samsung Galaxy S26, an AT&T 5G smartphone",
    ],
)
def test_signature_of_a_phone_is_set_apart(line):
    assert visible(show(f"Yes.\n\n{line}\n", "")) == "Yes."


pieces = st.lists(
    st.sampled_from(
        [
            "Yes. ",
            "\n",
            "\n\n",
            "> a\n",
            ">> b\n",
            "On Nov 3, 2026 Ben <b@x.y> wrote:\n",
            "From: a\nSent: b\nTo: c\nSubject: d\n",
            "-----Original Message-----\n",
            "_____\n",
            "-- \n",
            "Sent from my iPhone\n",
            "> wrote:\n",
            "Begin forwarded message:\n",
        ]
    )
    | st.text(max_size=20),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_no_word_of_a_text_is_lost(parts):
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", "", "".join(parts))
    marks = ">-_ \n\t\xa0"
    said = "".join(words_of(show(text, "").replace("<summary>Show quoted text</summary>", "")))
    assert [c for c in said if c not in marks] == [c for c in "".join(text.split()) if c not in marks]


tags = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<blockquote type=cite>",
            "<blockquote>",
            "</blockquote>",
            "<br>",
            "<hr>",
            "<td>",
            "<ul><li>",
            "<div class=gmail_quote>",
            "<div id=divRplyFwdMsg>",
            "<div id=appendonsend></div>",
            "<div class=moz-cite-prefix>",
            "<table>",
            "word ",
            "On Nov 3, 2026 Ben wrote:",
            "<b>From:</b> a<br>Sent: b<br>To: c<br>Subject: d<br>",
            "</table>",
            "<i>",
            "<a href=x>",
        ]
    ),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(tags)
def test_no_word_of_html_is_lost_and_what_comes_out_is_balanced(parts):
    html = "".join(parts)
    page = show("", html)
    said = page.replace("<summary>Show quoted text</summary>", "")
    assert "".join(words_of(said)) == "".join(words_of(nh3.clean(html)))
    stack = []
    for closing, tag in re.findall(r"<(/?)([a-z0-9]+)[^<>]*>", page):
        if closing:
            assert stack.pop() == tag
        elif tag not in ("br", "hr", "col"):
            stack.append(tag)
    assert stack == []


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote type=cite>" * 900 + "x",
        "<div class=gmail_quote>a</div>" * 15_000,
        "<p>From: a</p>" * 15_000,
        "<br>" * 200_000,
        "<b>From:</b> a<br>Sent: b<br>" * 20_000,
        "<blockquote>x</blockquote>" * 15_000,
    ],
)
def test_html_made_to_stall_a_reader_is_shown_to_its_end(html):
    assert "The last line." in show("", html + "<p>The last line.</p>")


def share_of(found):
    """How many pairs (seen, wanted) are alike, in percent."""
    return 100 * sum(" ".join(seen.split()) == " ".join(wanted.split()) for seen, wanted in found) / len(found)


@pytest.mark.material
def test_replies_of_the_collection_are_trimmed_as_their_authors_expect(material):
    folder = material / "incoming-email"
    trimmer = folder / "discourse-email_reply_trimmer"
    pairs = [
        (visible(show(path.read_text(), "")), (trimmer / "trimmed" / path.name).read_text())
        for path in sorted((trimmer / "emails").glob("*.txt"))
    ]
    assert share_of(pairs) >= 75
    talon = folder / "mailgun-talon" / "html_replies"
    pages = [visible(show("", path.read_text(errors="replace"))) for path in sorted(talon.glob("*.html"))]
    assert pages == ["Hi. I am fine. Thanks, Alex"] * 5


@pytest.mark.material
def test_first_fragments_of_the_collection_are_what_is_seen(material):
    folder = material / "incoming-email" / "crisp-email-reply-parser"
    told = json.loads((folder / "EXPECTED.json").read_text())["files"]
    pairs = [
        (visible(show((folder / name).read_text(), "")), said.get("visible_text") or said["fragment_text"]["0"])
        for name, said in told.items()
        if "visible_text" in said or "0" in said.get("fragment_text", {})
    ]
    assert len(pairs) > 20
    assert share_of(pairs) >= 92


@pytest.mark.material
def test_no_letter_of_the_collection_loses_a_word(material):
    for path in sorted((material / "incoming-email").rglob("*.eml")):
        mail = reading.read(path.read_bytes()[:300_000])
        said = show(mail.text, "").replace("<summary>Show quoted text</summary>", "")
        kept = re.sub(r"[>\s_-]", "", "".join(words_of(said)))
        wanted = re.sub(r"[>\s_-]", "", mail.text)
        assert len(kept) >= 0.99 * len(wanted), path.name
