from junto.mail import mbox


def cut(tmp_path, content: bytes) -> list[bytes]:
    path = tmp_path / "a"
    path.write_bytes(content)
    return [content[s.begin : s.begin + s.length] for s in mbox.slices(path)]


def test_from_in_a_body_parts_nothing(tmp_path):
    body = b"From here on we wait.\n\nFrom there too.\nFrom: me, as it were\n"
    letters = cut(tmp_path, b"From a@b Mon Mar  4 10:00:00 2024\nSubject: One\n\n" + body)
    assert len(letters) == 1
    assert letters[0].endswith(body)


def test_letters_without_a_blank_line_between_them_are_told_apart_by_the_date(tmp_path):
    one = b"From a@b Mon Mar  4 10:00:00 2024\nSubject: One\n\nHello\n"
    assert len(cut(tmp_path, one * 3)) == 3
    assert len(cut(tmp_path, (one * 3).replace(b"\n", b"\r\n"))) == 3


def test_notebooks_are_parted_by_their_rule(tmp_path):
    rule = b"=" * 73 + b"\r\n"
    letters = cut(
        tmp_path, rule + b"Date: x\r\n\r\nOne\r\n" + rule + b"no header\r\n" + rule + b"Subject: y\r\n\r\nTwo\r\n"
    )
    assert [letter.count(b"\r\n") for letter in letters] == [5, 3]


def test_a_single_letter_and_an_empty_file(tmp_path):
    assert len(cut(tmp_path, b"Subject: One\n\nHello\n")) == 1
    assert cut(tmp_path, b"") == []
    assert cut(tmp_path, b"\n\n") == []


def test_binary_indexes_of_listserv_are_no_archives(tmp_path):
    for name in ("LIST.LOG2401A", "LIST.DBNAMES", "list.dbindex"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in mbox.files(tmp_path)] == ["LIST.LOG2401A"]
    assert mbox.files(tmp_path / "list.dbindex") == [tmp_path / "list.dbindex"]
