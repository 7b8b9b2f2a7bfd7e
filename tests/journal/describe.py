"""What is generated of the journal's description. `python -m tests.journal.describe` writes it anew."""

import re
from pathlib import Path

from journal.description import TABLES, schema, table

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "journal" / "journal.schema.json"
DOCUMENT = REPOSITORY / "docs" / "journal.md"


def described(text: str) -> str:
    """The document with its tables as the classes of the entries have them."""
    for name, kinds in TABLES.items():
        begin, end = f"<!-- table of journal/{name}.py -->\n", "<!-- end of table -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        lines = "".join(f"{line}\n" for line in table(kinds))
        assert len(pattern.findall(text)) == 1, f"{DOCUMENT} has a place for the table of {name}"
        text = pattern.sub(lambda _, lines=lines, begin=begin, end=end: f"{begin}\n{lines}\n{end}", text)
    return text


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
    DOCUMENT.write_text(described(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
