"""Pages of reports, read as a browser would."""

import re
from html.parser import HTMLParser

from reports import write_reports

VOID = {"meta", "img", "br", "input", "link"}


class Page(HTMLParser):
    """Holds a page to what every HTML reader agrees on, and gathers what it is made of."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.text = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), f"<{tag}> has an attribute twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert "svg" in self.open, f"<{tag}/> outside a picture"
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def unknown_decl(self, data):
        raise AssertionError(f"<![{data}")

    def handle_comment(self, data):
        raise AssertionError(f"<!--{data}")


def page_of(folder, language=None):
    html = write_reports(folder, language, first=True).html.read_text(encoding="utf-8")
    return html, Page(html)


def shown(page):
    return " ".join("".join(page.text).split())


def part(html, begin, end):
    return html[html.index(begin) :][: html[html.index(begin) :].index(end)]


def unmarked(html):
    """Without what only tells that a text is Japanese."""
    return re.sub(r'<span lang="ja">(.*?)</span>', r"\1", html, flags=re.DOTALL)


def without_script(html):
    before, _, rest = html.partition("<script>")
    return before + rest.partition("</script>")[2]
