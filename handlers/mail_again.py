"""“Send the e-mail again”: a person has a letter sent that certainly was not sent."""

from __future__ import annotations

from handlers.clicks import Click
from handlers.flow import NotYours
from handlers.reply import say
from handlers.text import inert

NO_SUCH = "Makegood has no such e-mail to send. Nothing was sent."
NOT_OPEN = (
    "The e-mail about {reference} is being sent, was sent, or may have been sent already. The "
    "message in the thread says which. Nothing was sent now."
)
SENDING = "The e-mail is being sent. The message in the thread says what became of it."


async def send_mail_again(click: Click) -> None:
    """Have the e-mail sent, once for all who press."""
    desk, reference = click.desk, click.value
    entry = desk.log.find(reference)
    if entry is None:
        raise NotYours(NO_SUCH)
    if (no := await desk.permission.refusal_to_mail(click.person, entry)) is not None:
        raise NotYours(no)
    done = desk.runner.mail_again(reference, actor_id=click.person.user_id)
    await say(click.respond, inert(SENDING if done else NOT_OPEN.format(reference=reference)))
