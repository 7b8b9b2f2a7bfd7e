"""A drill that people operate, in which several take part: the recorded one, with what they do at a board put in."""

import hashlib
from pathlib import Path

from tests.reports.drawings import page_picture
from tests.reports.recorded import recorded, write_lines

LEAD, WITNESS = ("佐藤 花子", "lead"), ("Suzuki Ken", "witness")
PHOTO = 90
LATE = {"number": 5, "operation": "create_scenario", "outcome": "not possible", "remark": "ボタンが灰色"}
SAID = "サーバ室の表示灯は緑。"


def by(person: tuple[str, str]) -> dict:
    return dict(zip(("by", "role"), person, strict=True))


def write_peopled(folder: Path) -> None:
    lines = recorded("operated-ja")
    for line in lines:
        if line["what"] == "person.answered" and line.get("by"):
            line.update(by(LEAD))
        if line["what"] == "person.relied":
            line["by"] = [LEAD[0]]
        if line["what"] == "rha.event" and line.get("by"):
            line["by"] = LEAD[0]
    began = next(n for n, line in enumerate(lines) if line["what"] == "drill.began")
    step = next(n for n, line in enumerate(lines) if line["what"] == "step.began" and line["step"] == 1)
    over = next(n for n, line in enumerate(lines) if line["what"] == "run.ended")
    picture = page_picture(PHOTO)
    photo = {
        "what": "evidence",
        "id": PHOTO,
        "kind": "photo",
        "moment": None,
        "address": "",
        "caption": SAID,
        "file": f"evidence/{PHOTO:04}-photo.png",
        "media_type": "image/png",
        "sha256": hashlib.sha256(picture).hexdigest(),
        "bytes": len(picture),
    }
    pause = {"point": "before the next step"}
    put_in = {
        began: [{"what": "person.joined", **by(LEAD)}, {"what": "person.joined", **by(WITNESS)}],
        step: [
            photo,
            {"what": "person.noted", **by(WITNESS), "said": SAID, "picture": PHOTO},
            {"what": "person.noted", **by(LEAD), "said": "<b>予定どおり</b>"},
            {"what": "person.late", **by(WITNESS), **LATE},
            {"what": "pause.began", **pause, "by": LEAD[0], "limit_s": 1800.0},
            {"what": "pause.ended", **pause, "ending": "continued", "took_s": 95.0, "by": LEAD[0]},
        ],
        over: [{"what": "person.attested", **by(WITNESS), "said": "立ち会いました。"}],
    }
    told = []
    for n, line in enumerate(lines):
        times = {name: line[name] for name in ("at", "wall")}
        told += [*({**times, **each} for each in put_in.get(n, ())), line]
    write_lines(folder, [{**line, "n": n} for n, line in enumerate(told, 1)])
