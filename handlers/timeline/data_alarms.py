"""What is said of the data itself: it was older than the store, or is not alone. Pure."""

from __future__ import annotations

from handlers.block_kit.builders import section
from handlers.block_kit.mrkdwn import typed
from handlers.timeline.rendered import Rendered
from storage.outbox.posts import Post

LONGEST = 2900  # a section takes 3,000


def data_message(notice: Post) -> Rendered:
    """Return the message: the first paragraph stands out."""
    paragraphs = str(notice.content["text"]).split("\n\n")
    first, *rest = (_typed(each)[:LONGEST] for each in paragraphs if each)
    blocks = [section(f":rotating_light: *{first}*"), *(section(each) for each in rest)]
    return Rendered(" ".join([first, *rest])[:LONGEST], blocks)


def _typed(paragraph: str) -> str:
    return "\n".join(typed(line, limit=300) for line in paragraph.split("\n"))
