"""A small archive with everything that real ones suffer from."""

from __future__ import annotations

from pathlib import Path

DIRTY = b"""From ada@gsa.gov Mon Mar  4 10:00:00 2024
From: Ada Alvarez <ada@gsa.gov>
Date: Mon, 4 Mar 2024 10:00:00 +0000
Subject: Forms
Message-ID: <one@gsa.gov>

Which forms work?
>From here on it is quoted.
From what I read, none do.

From ben@epa.gov Mon Mar  4 11:00:00 2024
From: "Ben Brooks via CX-COP" <cx-cop@lists.example.gov>
Reply-To: Ben Brooks <ben@epa.gov>
List-Id: <cx-cop.lists.example.gov>
Date: Mon, 4 Mar 2024 11:00:00 +0000
Subject: Re: Forms
Message-ID: <two@epa.gov>
In-Reply-To: <one@gsa.gov>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="xx"

--xx
Content-Type: text/html; charset=x-unheard-of

<p>Short ones.<script>alert(1)</script></p>
--xx
Content-Type: text/csv; name="forms.csv"
Content-Disposition: attachment; filename="forms.csv"
Content-Transfer-Encoding: base64

YSxiCjEsMgo=
--xx
Content-Type: application/octet-stream; name="two.bin"
Content-Disposition: attachment; filename="two.bin"

second file
--xx--

From nobody Mon Mar  4 12:00:00 2024
From: stranger at example.com (A Stranger)
Date: yesterday, about noon
Subject: No id, no date

I have neither.

From ada@gsa.gov Mon Mar  4 13:00:00 2024
From: Ada Alvarez <ada@gsa.gov>
Date: Mon, 4 Mar 1904 13:00:00 +0000
Received: from a by b; Mon, 4 Mar 2024 13:00:30 +0000
Subject: Re: Forms
Message-ID: <three@gsa.gov>
References: <one@gsa.gov> <two@epa.gov>

Thank you.

From ada@gsa.gov Mon Mar  4 14:00:00 2024
From: Ada Alvarez <ada@gsa.gov>
Date: Mon, 4 Mar 2024 14:00:00 +0000
Subject: Again
Message-ID: <one@gsa.gov>

The same id, other words.

From ada@gsa.gov Mon Mar  4 14:00:00 2024
From: Ada Alvarez <ada@gsa.gov>
Date: Mon, 4 Mar 2024 10:00:00 +0000
Subject: Forms
Message-ID: <one@gsa.gov>

Which forms work?
>From here on it is quoted.
From what I read, none do.

From cleo@epa.gov Mon Mar  4 09:00:00 2024
From: =?iso-8859-1?q?Cl=E9o?= <cleo@epa.gov>
Date: Mon, 4 Mar 2024 09:00:00 +0000
Subject: =?utf-8?b?w4l0w6k=?=
Message-ID: <late@epa.gov>
In-Reply-To: <gone@epa.gov>
Content-Type: multipart/alternative; boundary="never"

caf\xe9 without any part
"""


def dirty(folder: Path) -> Path:
    path = folder / "cx-cop.mbox"
    path.write_bytes(DIRTY)
    return path


def plain(count: int, *, start: int = 0) -> bytes:
    """Letters of which each answers the one two before it."""
    return b"".join(
        b"From a@epa.gov Mon Mar  4 %02d:%02d:00 2024\nFrom: A <a%d@epa.gov>\nDate: Mon, 4 Mar 2024 %02d:%02d:00 +0000\n"
        b"Subject: Topic %d\nMessage-ID: <m%d@epa.gov>\n%s\nWords of letter %d.\n\n"
        % (
            n // 60,
            n % 60,
            n % 7,
            n // 60,
            n % 60,
            n % 2,
            n,
            b"References: <m%d@epa.gov>\n" % (n - 2) if n > 1 else b"",
            n,
        )
        for n in range(start, start + count)
    )
