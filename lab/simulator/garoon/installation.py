"""A freshly installed Garoon: a small company's users, notices and a week of appointments around today."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path

from lab.simulator.garoon.database import FILE_NAME, Appointment, create, insert_event, password_hash
from lab.simulator.garoon.settings import JAPAN, GaroonSettings, GuestClock

FIRST_EVENT_ID = 410
ADMINISTRATOR, DRILL, SATO, SUZUKI, TAKAHASHI, TANAKA = range(1, 7)
STAFF = {
    SATO: ("sato", "佐藤 昇"),
    SUZUKI: ("suzuki", "鈴木 陽子"),
    TAKAHASHI: ("takahashi", "高橋 健太"),
    TANAKA: ("tanaka", "田中 美咲"),
}
EVERYONE = (SATO, SUZUKI, TAKAHASHI, TANAKA)
# weekday (Monday is 0), from, to, event menu, title, memo, attendees
WEEK = (
    (0, "09:00", "09:30", "会議", "週初朝礼", "全員、第1会議室", (DRILL, *EVERYONE)),
    (0, "13:30", "15:00", "来訪", "山岡商事様 来社", "新システムのご説明", (SATO, SUZUKI)),
    (0, "16:00", "17:00", "打合", "見積内容の確認", "", (TAKAHASHI, TANAKA)),
    (1, "10:00", "11:30", "会議", "営業部定例会議", "先週の実績、今週の予定", (SATO, SUZUKI, TAKAHASHI)),
    (1, "13:00", "14:00", "打合", "サーバー保守の事前確認", "夜間作業の手順を読み合わせる", (DRILL, TANAKA)),
    (1, "15:00", "17:30", "外出", "港北工業様 訪問", "直帰の予定", (SUZUKI,)),
    (1, "22:00", "23:00", "作業", "災害対策訓練", "グループウェアの切替訓練", (DRILL,)),
    (2, "09:30", "12:00", "研修", "新入社員フォロー研修", "", (TANAKA,)),
    (2, "14:00", "15:00", "会議", "情報システム委員会", "訓練結果の報告", (DRILL, SATO, TANAKA)),
    (2, "15:30", "16:30", "打合", "カタログ改訂の打合せ", "", (SUZUKI, TAKAHASHI)),
    (3, "10:00", "12:00", "外出", "展示会 視察", "東京国際展示場", (SATO, TAKAHASHI)),
    (3, "13:00", "13:30", "", "バックアップ媒体の交換", "", (DRILL,)),
    (3, "16:00", "17:00", "会議", "品質向上会議", "", EVERYONE),
    (4, "11:00", "12:00", "来訪", "保守業者 定期点検", "電源設備", (DRILL, TANAKA)),
    (4, "15:00", "16:00", "打合", "月末請求の締め作業", "", (SUZUKI, TANAKA)),
    (4, "17:00", "17:30", "会議", "週次報告会", "", (DRILL, *EVERYONE)),
)
NOTICES = (
    (-6, "夏季節電へのご協力のお礼", TANAKA),
    (-4, "健康診断の日程について", SUZUKI),
    (-1, "グループウェア切替訓練のお知らせ", DRILL),
)


def install(folder: Path, clock: GuestClock, settings: GaroonSettings) -> None:
    """Creates the database on an empty disk; a disk that has one is left as it is."""
    path = folder / FILE_NAME
    if path.exists():
        return
    now = clock.now().astimezone(JAPAN)
    with closing(create(path)) as connection:
        connection.executemany(
            "INSERT INTO users (id, login_name, name, password) VALUES (?, ?, ?, ?)", _users(settings)
        )
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)", (FIRST_EVENT_ID - 1,))
        for appointment in _appointments(now):
            insert_event(connection, appointment, appointment.members[0], int(now.timestamp()) - 3600)
        notices = [(title, author, int((now + timedelta(days=days)).timestamp())) for days, title, author in NOTICES]
        connection.executemany("INSERT INTO bulletins (title, author, posted) VALUES (?, ?, ?)", notices)
        connection.execute("COMMIT")


def _users(settings: GaroonSettings) -> list[tuple[int, str, str, bytes]]:
    """Colleagues have no password that opens: only the drill's account logs in."""
    accounts = {ADMINISTRATOR: ("Administrator", "Administrator"), DRILL: (settings.login_name, "訓練 太郎"), **STAFF}
    return [
        (number, login, name, password_hash(login, settings.password) if number == DRILL else b"")
        for number, (login, name) in accounts.items()
    ]


def _appointments(now: datetime) -> list[Appointment]:
    monday = now.date() - timedelta(days=now.weekday())
    return [
        Appointment(
            plan=plan,
            detail=title,
            description=memo,
            starts=datetime.combine(monday + timedelta(days=day), time.fromisoformat(begin), JAPAN),
            ends=datetime.combine(monday + timedelta(days=day), time.fromisoformat(end), JAPAN),
            members=members,
        )
        for day, begin, end, plan, title, memo, members in WEEK
    ]
