"""Kunren's resident script inside a powershell.exe of the embedded engine."""

from __future__ import annotations

import base64
import json

from lab.scripts import load_script
from tests.powershell.terminal import encoded, run


def requests(*scripts):
    for number, (script, arguments) in enumerate(scripts):
        request = json.dumps({"id": str(number), "script": script, "arguments": arguments})
        yield base64.b64encode(request.encode("utf-8")).decode("ascii")


def test_the_resident_answers_each_request_with_one_line():
    lines = requests(
        ("1 + 1", {}),
        ('param($Name) "名前 $Name"', {"Name": "日本"}),
        ("throw 'broken'", {}),
        ("$leak = 1", {}),
        ("$leak", {}),
    )
    code, terminal = run("-EncodedCommand", encoded(load_script("Resident").text), lines=lines)
    answers = [json.loads(line.removeprefix("\x1e")) for line in terminal.out.split("\r\n") if line]
    assert code == 0
    assert [answer["id"] for answer in answers] == ["0", "1", "2", "3", "4"]
    assert answers[0]["output"] == [2]
    assert answers[1]["output"] == ["名前 日本"]
    assert answers[2]["error"]["message"] == "broken"
    assert answers[4]["output"] in ([], [None])
