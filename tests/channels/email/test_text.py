"""HTML told in words, and the line breaks of format=flowed."""

import pytest

from portavoce.channels.email.text import flow, from_html


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", ""),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("a  \n b&nbsp;c &amp; d &lt;e&gt;", "a b c & d <e>"),
        ("<title>t</title><style>p{}</style><script>x</script><p>only</p>", "only"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("<pre>a  b\n c</pre>", "a  b\nc"),
        ("<a href='https://x.example/a'>here</a>", "here <https://x.example/a>"),
        ("<a href='https://x.example/'>https://x.example</a>", "https://x.example"),
        ("<a href='javascript:x'>here</a>", "here"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("<!-- note --><p>x", "x"),
    ],
)
def test_html_is_told_in_words(html: str, words: str) -> None:
    assert from_html(html) == words


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a \nb", "a b"),
        ("a\nb", "a\nb"),
        ("> a \n> b\nc", "> a b\nc"),
        ("> a \nb", "> a \nb"),
        ("a\n-- \nsignature", "a\n-- \nsignature"),
        (" >kept", ">kept"),
        ("", ""),
        ("\n\nx", "\n\nx"),
    ],
)
def test_soft_breaks_are_joined_within_one_depth(text: str, joined: str) -> None:
    assert flow(text, delete_space=False) == joined
