from tests.readable import json_lines, visible_text

PAGE = """<title>A</title><style>p { color: red }</style><h2>B <b>c</b></h2>
<p>one
two<br>three</p><p class="quiet">unread</p><img alt="a picture">
<ul><li><p>four</p><details><summary>more</summary><ul><li><p>five</p><dl><dt>six</dt><dd>seven</dd></dl></li></ul></details></li></ul>
<table><tr><th>x</th><td><p>y</p></td></tr></table>
<svg><text class="name">row</text><g><title>8
9</title><rect/></g><g><title>8
9</title><rect/><text>ten</text></g></svg>"""


def test_a_page_is_told_by_what_is_seen_of_it():
    assert visible_text(PAGE, without=("p.quiet",)).splitlines() == [
        "A",
        "## B c",
        "one two / three",
        "[a picture]",
        "- four",
        "▸ more",
        "- five six: seven",
        "x | y",
        "row",
        "8 / 9 | ten",
    ]


def test_json_of_many_lines_stands_on_as_few_as_can_be_read():
    long = {"a": ["x" * 400, {"b": "ä" * 300}], "c": {}}
    assert json_lines(long) == f'{{\n "a": [\n  "{"x" * 400}",\n  {{"b": "{"ä" * 300}"}}\n ],\n "c": {{}}\n}}'
