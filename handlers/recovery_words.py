"""What is said in the channel about the data itself: restored, or used by two. Pure."""

from __future__ import annotations

from handlers.blocks import section
from handlers.outcome_message import Message
from handlers.text import typed
from storage.posts import Post

LONGEST = 2900  # a section takes 3,000


def data_message(notice: Post) -> Message:
    """Return the message: the first paragraph stands out."""
    paragraphs = str(notice.content["text"]).split("\n\n")
    first, *rest = (_typed(each)[:LONGEST] for each in paragraphs if each)
    blocks = [section(f":rotating_light: *{first}*"), *(section(each) for each in rest)]
    return Message(" ".join([first, *rest])[:LONGEST], blocks)


def _typed(paragraph: str) -> str:
    return "\n".join(typed(line, limit=300) for line in paragraph.split("\n"))
