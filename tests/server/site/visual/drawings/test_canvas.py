"""What every picture is made of: text that cannot break out, and room that is never too small."""

import pytest
from page_support import picture

from sauran.server.http.localised_labels import Label
from sauran.server.site.visual.drawings.canvas import Box, Canvas, TextLine, text_width, truncate, wrap

HOSTILE = '</svg><script>alert("1")</script>&\x00\u202e'


def test_texts_and_links_of_strangers_stay_texts_and_links() -> None:
    canvas = Canvas("map", 100, HOSTILE)
    group = canvas.link(Label(HOSTILE, href='http://example.org/"><script>'), HOSTILE)
    canvas.more(canvas.text(TextLine(HOSTILE, 1, 2, language="en"), group), HOSTILE, "soft", "en")
    drawn = canvas.markup()
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    root = picture(drawn)
    assert [e.tag.partition("}")[2] for e in root.iter()] == ["svg", "title", "a", "title", "text", "tspan"]


def test_a_picture_has_a_name_and_is_no_image_as_it_holds_links() -> None:
    root = picture(Canvas("timeline", 50, "Timeline").markup())
    assert root.get("role") == "group"
    assert root.get("aria-labelledby") == "timeline-title" == root[0].get("id")
    assert root[0].text == "Timeline"


def test_a_text_is_cut_only_where_it_has_to_be() -> None:
    assert truncate("since 1991", text_width("since 1991", 15), 15) == "since 1991"
    short = truncate("the writing of the article", 100, 15)
    assert short.endswith("…")
    assert text_width(short, 15) <= 100


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_text_is_wrapped_into_few_lines_that_fit(most: int) -> None:
    lines = wrap("ambiguous relations among the great powers of the world", 160, 15, most)
    assert len(lines) == most
    assert all(text_width(line, 15) <= 160.5 for line in lines)


def test_boxes_meet_where_they_share_room_and_not_where_they_touch() -> None:
    assert Box(0, 0, 10, 10).meets(Box(9, 9, 20, 20))
    assert not Box(0, 0, 10, 10).meets(Box(10, 0, 20, 10))
