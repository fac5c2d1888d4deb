"""“Send the e-mail again”: a person has a letter sent that certainly was not sent."""

from __future__ import annotations

from handlers.clicks import Click
from handlers.flow import NotYours
from handlers.mail_line import mail_line
from handlers.screens.answers import answer, draw_request_anew
from handlers.text import inert

NO_SUCH = "Makegood has no such e-mail to send. Nothing was sent."
NOT_OPEN = "Nothing was sent now."
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
    if done:
        await answer(click, SENDING)
        return
    entry = desk.log.get(reference)
    draw_request_anew(click, entry)
    await answer(click, inert(f"{NOT_OPEN} {mail_line(entry)}".strip()))
